import { type AskRuntime, askProgram, type ContainerProcess, firstLine, type PlaceAbsence } from './runtime.ts';

/** Asks Docker, or Podman, whose `container inspect` prints the same, about containers by name or by the beginning of an id. */
export const askDocker =
  (program: 'docker' | 'podman'): AskRuntime =>
  (names) => {
    const answer = askProgram(program, ['container', 'inspect', ...names]);
    if ('why' in answer) return new Map(names.map((name) => [name, answer]));
    const found = parseContainers(answer.stdout);
    return new Map(
      names.map((name) => {
        const one = found.find(({ Name, Id }) => Name.replace(/^\//, '') === name || Id.startsWith(name));
        return [name, one ? processOf(one, { program, name }) : absenceOf(answer.stderr, { program, name })];
      }),
    );
  };

/** What is used of the answer. `Pid` is 0 while it does not run. */
type InspectedContainer = {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Pid: number; readonly Status: string; readonly StartedAt: string };
};

/** Whole entries only; of those that were not found nothing is printed. */
function parseContainers(stdout: string): readonly InspectedContainer[] {
  try {
    const parsed: unknown = JSON.parse(stdout);
    return Array.isArray(parsed) ? parsed.filter(isContainer) : [];
  } catch {
    return [];
  }
}

function isContainer(value: unknown): value is InspectedContainer {
  const { Id, Name, State } = (value ?? {}) as Partial<InspectedContainer>;
  return typeof Id === 'string' && typeof Name === 'string' && typeof State?.Pid === 'number';
}

type AskedContainer = { readonly program: 'docker' | 'podman'; readonly name: string };

const processOf = ({ Id, State }: InspectedContainer, asked: AskedContainer): ContainerProcess | PlaceAbsence =>
  State.Pid > 0
    ? { id: Id, startedAt: String(State.StartedAt), pid: State.Pid }
    : { why: `it is ${State.Status}`, remedy: `${asked.program} start ${asked.name}` };

function absenceOf(stderr: string, { program, name }: AskedContainer): PlaceAbsence {
  if (stderr === '' || /no such (?:object|container)/i.test(stderr)) {
    return { why: `${program} has no container ${name}`, remedy: `start it, or name one that ${program} ps -a shows` };
  }
  return { why: `${program} cannot be asked: ${firstLine(stderr)}`, remedy: `try: ${program} ps` };
}
