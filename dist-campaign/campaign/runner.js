import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);

// campaign/runner.ts
import { writeSync as writeSync2 } from "node:fs";

// src/model/results/progress.ts
var NO_PROGRESS = {
  begin: () => () => {
  },
  wait: (_, work) => work,
  warn: () => {
  },
  recovered: () => {
  },
  rollingBack: () => {
  }
};

// campaign/faults.ts
import { spawnSync } from "node:child_process";
import { appendFileSync, writeSync } from "node:fs";

// src/store/journal-record.ts
import { crc32 } from "node:zlib";
function encodeJournalLine(record) {
  const text = JSON.stringify(record);
  return `{"crc":"${crcText(text)}","record":${text}}
`;
}
var crcText = (text) => crc32(text).toString(16).padStart(8, "0");

// campaign/faults.ts
function withFaults(session2) {
  const { machine, store } = session2;
  const state = {
    faults: parseFaults(process.env["NETFORM_FAULT"] ?? ""),
    counts: { instruction: 0, rollback: 0, journal: 0 },
    hasFired: false
  };
  return {
    ...session2,
    machine: {
      ...machine,
      execute: (batch) => executeWithFaults(state, machine, batch),
      close: () => {
        logCounts(state);
        machine.close();
      }
    },
    store: { ...store, appendRecord: (fd, record) => appendWithFaults(state, store, { fd, record }) }
  };
}
function appendWithFaults(state, store, { fd, record }) {
  state.counts.journal += 1;
  const fault = state.faults.find((one) => one.place === "journal" && isFaultAt(one, state.counts.journal));
  if (fault?.action === "fail") throw faultError(fault);
  if (fault?.action === "tear") {
    writeSync(fd, encodeJournalLine(record).slice(0, 40));
    killSelf();
  }
  store.appendRecord(fd, record);
  if (fault?.action === "kill") killSelf();
  if (fault?.action === "signal") signalSelf(state, fault);
}
function executeWithFaults(state, machine, batch) {
  const { counts, faults } = state;
  const place = state.hasFired ? "rollback" : "instruction";
  const first = counts[place] + 1;
  counts[place] += batch.length;
  const fault = faults.find((one) => one.place === place && one.nth <= counts[place] && one.last >= first);
  if (!fault) return machine.execute(batch);
  const from = Math.max(0, fault.nth - first);
  if (fault.action === "run") {
    spawnSync("sh", [fault.detail], { stdio: "ignore" });
    return machine.execute(batch);
  }
  state.hasFired = true;
  if (fault.action === "kill") {
    machine.execute(batch.slice(0, from + 1));
    killSelf();
  }
  if (fault.action === "signal") {
    signalSelf(state, fault);
    return machine.execute(batch);
  }
  const refused = new Set(batch.slice(from, fault.last - first + 1));
  const done = fault.detail === "ETIMEDOUT" ? batch : batch.filter((instruction) => !refused.has(instruction));
  const failures = new Map(machine.execute(done).map((failure) => [failure.instruction, failure]));
  const { message } = faultError(fault);
  for (const instruction of refused) failures.set(instruction, { instruction, code: fault.detail, message });
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}
var isFaultAt = ({ nth, last }, at) => at >= nth && at <= last;
function logCounts({ counts }) {
  const log = process.env["NETFORM_FAULT_LOG"];
  if (log !== void 0) appendFileSync(log, `${JSON.stringify(counts)}
`);
}
function parseFaults(text) {
  return text.split(",").flatMap((each) => {
    const [, action, place, n, more, detail] = FAULT.exec(each) ?? [];
    if (action === void 0 || !isFaultSite(place)) return [];
    const last = more === "-" ? Number.POSITIVE_INFINITY : Number(n);
    return [{ action, place, nth: Number(n), last, detail: detail ?? "EIO" }];
  });
}
var FAULT = /^(\w+)@(instruction|rollback|journal):(\d+)(-?)(?::(.+))?$/;
var isFaultSite = (text) => text === "instruction" || text === "rollback" || text === "journal";
var faultError = ({ detail }) => Object.assign(new Error(`${detail} on purpose`), { code: detail });
function signalSelf(state, { detail }) {
  state.hasFired = true;
  process.kill(process.pid, detail);
}
function killSelf() {
  process.kill(process.pid, "SIGKILL");
  for (; ; ) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e3);
}

// campaign/netform.ts
import { join as join2 } from "node:path";

// src/cli/bundle.ts
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
var loadProgram = (folder) => runBundle(compileBundle(folder), folder);
function compileBundle(folder) {
  const filename = bundleFile(folder);
  const cachedData = readCodeCache(folder);
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(filename, "latin1")}
})`;
  return new Script(source, { filename, ...cachedData === null ? {} : { cachedData } });
}
function runBundle(script2, folder) {
  const filename = bundleFile(folder);
  const module = JSON.parse('{ "exports": {} }');
  script2.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}
var codeCacheFile = (folder) => join(folder, "program", `${process.versions.v8}-${process.arch}.compiled`);
var bundleFile = (folder) => join(folder, "program", "program.cjs");
function readCodeCache(folder) {
  try {
    return readFileSync(codeCacheFile(folder));
  } catch {
    return null;
  }
}

// test/support/machine.ts
import { fileURLToPath as fileURLToPath2 } from "node:url";

// test/support/snapshot.ts
import { fileURLToPath } from "node:url";

// test/support/interface-settings.ts
var IPV4 = "forwarding mc_forwarding proxy_arp accept_redirects secure_redirects send_redirects shared_media rp_filter accept_source_route bootp_relay log_martians tag arpfilter medium_id noxfrm nopolicy force_igmp_version arp_announce arp_ignore promote_secondaries arp_accept arp_notify accept_local src_vmark proxy_arp_pvlan route_localnet igmpv2_unsolicited_report_interval igmpv3_unsolicited_report_interval ignore_routes_with_linkdown drop_unicast_in_l2_multicast drop_gratuitous_arp bc_forwarding arp_evict_nocarrier".split(" ");
var IPV6 = "forwarding hoplimit mtu6 accept_ra accept_redirects autoconf dad_transmits rtr_solicits rtr_solicit_interval rtr_solicit_delay use_tempaddr temp_valid_lft temp_prefered_lft regen_max_retry max_desync_factor max_addresses force_mld_version accept_ra_defrtr accept_ra_pinfo accept_ra_rtr_pref rtr_probe_interval accept_ra_rt_info_max_plen proxy_ndp optimistic_dad accept_source_route mc_forwarding disable_ipv6 accept_dad force_tllao ndisc_notify mldv1_unsolicited_report_interval mldv2_unsolicited_report_interval suppress_frag_ndisc accept_ra_from_local use_optimistic accept_ra_mtu stable_secret use_oif_addrs_only accept_ra_min_hop_limit ignore_routes_with_linkdown drop_unicast_in_l2_multicast drop_unsolicited_na keep_addr_on_down rtr_solicit_max_interval seg6_enabled seg6_require_hmac enhanced_dad addr_gen_mode disable_policy accept_ra_rt_info_min_plen ndisc_tclass rpl_seg_enabled ra_defrtr_metric ioam6_enabled ioam6_id ioam6_id_wide ndisc_evict_nocarrier accept_untracked_na accept_ra_min_lft".split(" ");

// test/support/snapshot.ts
var script = fileURLToPath(new URL("../../test/support/snapshot.pl", import.meta.url));
var volatileKeys = new Set(
  "addr_info ifindex link link_index link_netnsid link_pointtopoint operstate linkmode stats stats64 valid_life_time preferred_life_time tentative expires hello_timer tcn_timer topology_change_timer gc_timer topology_change topology_change_detected message_age_timer forward_delay_timer hold_timer state id no root_id bridge_id root_port root_path_cost designated_bridge designated_port designated_cost designated_root cost parentdev refcnt reachable thresh1 thresh2 thresh3 gc_interval multicast_router tso_max_size gso_max_size gro_max_size gso_ipv4_max_size gro_ipv4_max_size".split(" ")
);

// test/support/machine.ts
var repository = fileURLToPath2(new URL("../..", import.meta.url));

// campaign/netform.ts
var verbs = await loadProgram(join2(repository, "dist")).loadVerbs();
var { openHostSession } = verbs;
var plain = openHostSession(NO_PROGRESS);
var runOptions = ({ meanwhile }) => ({
  agree: async () => {
    await meanwhile?.();
    return true;
  },
  progress: () => ({ event: () => {
  }, rollback: () => {
  }, close: async () => {
  } }),
  lockTimeoutMs: 1e4
});
var isNetformError = (error) => error instanceof Error && "exitCode" in error && "code" in error;

// campaign/runner.ts
var [verb, target = "", wait = "10000"] = process.argv.slice(2);
var options = { ...runOptions({}), lockTimeoutMs: Number(wait) };
var request = { file: target, vars: [], varFile: null };
var session = withFaults(verbs.openHostSession(NO_PROGRESS));
try {
  process.exitCode = await run() === "refused" ? 3 : 0;
} catch (error) {
  if (!isNetformError(error)) throw error;
  writeSync2(2, `[${error.code}] ${error.stack}
${error.details.join("\n")}
`);
  process.exitCode = error.exitCode;
}
async function run() {
  if (verb === "apply") return (await verbs.applyTopology(session, request, { ...options, foreign: "refuse" })).status;
  if (verb === "destroy") return (await verbs.destroyLab(session, target, options)).status;
  const { view } = await verbs.planTopology(session, request, { foreign: "refuse" });
  return view === null ? "refused" : "planned";
}
