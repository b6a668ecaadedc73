/** What a program wants to know of a plan before it lets it run: from which file, on which machine, at what risk. */
export type PlanFacts = {
  /** sha256 of the topology with its variables filled in; null: it was made from the state alone. */
  readonly digest: string | null;
  readonly host: PlanHost;
  readonly risk: PlanRisk;
  /** Where the file asks for the resource of an id; left out: nowhere. */
  readonly positions: { readonly [id: string]: PlanPosition };
};

/** A place in the topology; `file`: the included file that it is in, left out: it is in the main file. */
export type PlanPosition = { readonly line: number; readonly column: number; readonly file?: string };

/** The machine that a plan was made on. */
export type PlanHost = { readonly name: string; readonly kernel: string; readonly bootId: string };

/** What is worth a second look before a plan is executed. */
export type PlanRisk = {
  readonly deletesNamespaces: boolean;
  /** Everything of the lab goes. */
  readonly emptiesLab: boolean;
  /** It changes the route, the address or the link that the SSH session of this command uses. */
  readonly cutsSsh: boolean;
  readonly adopts: boolean;
  readonly prunes: boolean;
  /** Something outside the lab's namespaces is changed: a link, a sysctl or a file of the machine itself. */
  readonly changesMachine: boolean;
  /** What a policy kept from a namespace, or in it, can pass afterwards. */
  readonly opens: boolean;
};
