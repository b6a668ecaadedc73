import { sysError } from '../errno.ts';
import { cString, openLibrary } from '../libc.ts';

/** libnftables' calls that are used. Contexts are opaque addresses. */
export type Libnftables = {
  /** `json`: it answers so. */
  readonly create: (output: 'text' | 'json') => unknown;
  readonly free: (context: unknown) => void;
  /** What the command printed, and what it complained about (null: it was accepted). */
  readonly run: (context: unknown, commands: string) => { readonly output: string; readonly error: string | null };
};

const NFT_CTX_OUTPUT_STATELESS = 4;
const NFT_CTX_OUTPUT_JSON = 16;

/** Loads libnftables (nftables/libnftables.h); null when it is not installed. Its contexts print without counters' values. */
export function loadLibnftables(): Libnftables | null {
  const call = openLibrary(['libnftables.so.1']);
  if (call === null) return null;
  const create = call('void* nft_ctx_new(uint32_t)');
  const bufferOutput = call('int nft_ctx_buffer_output(void*)');
  const bufferError = call('int nft_ctx_buffer_error(void*)');
  const setFlags = call('void nft_ctx_output_set_flags(void*, uint32_t)');
  const run = call('int nft_run_cmd_from_buffer(void*, const char*)');
  const answer = call('const char* nft_ctx_get_output_buffer(void*)');
  const error = call('const char* nft_ctx_get_error_buffer(void*)');
  const free = call('void nft_ctx_free(void*)');
  return {
    create: (output) => {
      const context = create(0);
      if (!context) throw sysError('ENOMEM', 'libnftables gave no context');
      bufferOutput(context);
      bufferError(context);
      setFlags(context, output === 'json' ? NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_JSON : NFT_CTX_OUTPUT_STATELESS);
      return context;
    },
    free: (context) => void free(context),
    run: (context, commands) => {
      const failed = Number(run(context, cString(commands))) !== 0;
      const printed = String(answer(context) ?? '');
      const complaint = String(error(context) ?? '');
      return { output: printed, error: failed ? complaint : null };
    },
  };
}
