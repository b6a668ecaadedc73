#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
"""Builds, changes and removes a lab of netform on a machine. Uses Python's and Ansible's own modules only."""

import json
import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: netform
short_description: Build, change and remove a lab of netform
description:
  - Applies a topology to the machine, or removes a lab. Needs root, and netform on the machine.
  - Check mode is C(netform plan), diff mode shows its lines, and a task is changed when a plan has changes (exit code 10).
  - A topology with a mistake, or a run that was rolled back, fails with the message of netform and leaves the machine as it was.
options:
  src:
    description: The topology, a file of the machine.
    type: path
  content:
    description: The topology, as text. Files that it includes are looked for beside O(dest).
    type: str
  dest:
    description: Where O(content) is kept on the machine, with mode 0600. Written only when netform accepts the text.
    type: path
  name:
    description:
      - The lab. Needed for every O(state) but V(present), where a topology of another name fails.
    type: str
  state:
    description:
      - V(present) applies the topology, V(absent) removes the lab.
      - V(confirmed) keeps a run that O(confirm) began, V(rolled_back) undoes it.
    type: str
    choices: [present, absent, confirmed, rolled_back]
    default: present
  vars:
    description: Variables of the topology.
    type: dict
    default: {}
  confirm:
    description: Roll back unless a task with O(state=confirmed) follows within this time, for instance V(60s).
    type: str
  enabled:
    description: Whether the lab comes back at boot (C(netform enable)). Left as it is when not given.
    type: bool
  adopt:
    description: Take over objects of the same name that netform does not manage.
    type: bool
    default: false
  prune:
    description: Delete unmanaged objects in the namespaces of the lab.
    type: bool
    default: false
  allow_empty:
    description: Apply a topology that removes everything that the lab has.
    type: bool
    default: false
  lock_timeout:
    description: How many seconds to wait for another run of netform.
    type: int
    default: 60
  netform_path:
    description: The program.
    type: str
    default: netform
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
"""

EXAMPLES = r"""
- name: A lab of a file of the machine
  netform.lab.netform:
    src: /etc/netform/office.yaml
    vars: { address: 10.77.0.9 }

- name: A lab of a template of the controller, which comes back at boot
  netform.lab.netform:
    content: "{{ lookup('template', 'office.yaml.j2') }}"
    dest: /etc/netform/office.yaml
    enabled: true

- name: It is gone
  netform.lab.netform: { name: office, state: absent }
"""

RETURN = r"""
lab: { description: The name of the lab., type: str, returned: success }
status: { description: How the run ended., type: str, returned: when something ran }
summary: { description: How many lines a plan adds, changes, replaces and deletes., type: dict, returned: when there is a plan }
risk: { description: What is worth a second look in the plan., type: dict, returned: when there is a plan }
"""

CHANGES = 10
# Where netform records what comes back at boot.
ENABLED = "/var/lib/netform/.enabled/%s/lab.json"


class Netform:
    """The program on this machine."""

    def __init__(self, module):
        self.module = module
        self.program = module.get_bin_path(module.params["netform_path"], required=True)

    def run(self, args, ok=(0,), text=None, cwd=None):
        """Gives the exit code and the JSON document; fails the task, with the message of netform, for other codes than `ok`."""
        rc, out, err = self.module.run_command([self.program] + args + ["--json"], data=text, cwd=cwd)
        try:
            answer = json.loads(out)
        except ValueError:
            answer = {}
        if rc not in ok or not answer:
            self.module.fail_json(msg=message(answer) or err.strip() or out.strip()[:1000], rc=rc)
        return rc, answer


def message(answer):
    """What netform says of a failure, as it prints it for people; empty: nothing."""
    error = answer.get("error")
    if error:
        lines = ["%s [%s]" % (error["message"], error["code"])] + error.get("details", [])
        return "\n".join(lines + hint_of(error))
    errors = [one for one in answer.get("diagnostics", []) if one["severity"] == "error"]
    return "\n".join(diagnostic(one) for one in errors)


def diagnostic(one):
    at = one.get("at")
    place = "%s:%d:%d: " % (one["file"], at["line"], at["column"]) if at else ""
    return "\n".join(["%s%s [%s]" % (place, one["message"], one["code"])] + hint_of(one))


def hint_of(one):
    return ["  = " + one["hint"]] if one.get("hint") else []


def diff_of(groups):
    """The lines of a plan as a text before and one after."""
    before, after = [], []
    for line in [line for group in groups for line in group["lines"]]:
        head = ("%s %s %s" % (line["netns"], line["noun"], line["name"])).strip()
        old, arrow, new = line["text"].partition(" → ")
        if line["sign"] != "+":
            before.append("%s   %s" % (head, old if arrow or line["sign"] == "-" else "as it is"))
        if line["sign"] != "-":
            after.append("%s   %s" % (head, "%s → %s" % (old, new) if arrow else old))
    return {"before": as_text(before), "after": as_text(after)}


def as_text(lines):
    return "".join(line.rstrip() + "\n" for line in lines)


def flags_of(params):
    flags = ["--var=%s=%s" % (name, scalar(value)) for name, value in sorted(params["vars"].items())]
    return flags + ["--%s" % name for name in ("adopt", "prune") if params[name]]


def scalar(value):
    return value if isinstance(value, str) else json.dumps(value)


def present(module, netform):
    params = module.params
    text, dest = params["content"], params["dest"]
    folder = os.path.dirname(dest) if dest and os.path.isdir(os.path.dirname(dest)) else None
    rc, plan = netform.run(
        ["plan", "-" if params["src"] is None else params["src"], "--exit-code"] + flags_of(params),
        ok=(0, CHANGES),
        text=text,
        cwd=folder,
    )
    lab = plan["lab"]
    if params["name"] not in (None, lab):
        module.fail_json(msg="the topology is of the lab %s, not %s" % (lab, params["name"]))
    if plan["risk"]["emptiesLab"] and not params["allow_empty"]:
        module.fail_json(msg="the topology removes all of the lab %s: it needs allow_empty: true" % lab)
    result = {"lab": lab, "changed": rc == CHANGES, "summary": plan["summary"], "risk": plan["risk"]}
    if module._diff:
        result["diff"] = [dict(diff_of(plan["operations"]), before_header=lab, after_header=params["src"] or dest or lab)]
    if rc == CHANGES:
        for one in plan["diagnostics"]:
            module.warn(diagnostic(one))
    former = keep(module, dest, text) if dest else None
    if former is not None:
        result["changed"] = True
    file = params["src"] or dest or "-"
    if rc == CHANGES and not module.check_mode:
        result["status"] = apply(module, netform, file, former)
    if params["enabled"] is not None and enable(module, netform, lab, file):
        result["changed"] = True
    module.exit_json(**result)


def keep(module, dest, text):
    """Has the text in the file. Gives the bytes that it had, empty: it was not there; None: it is as it was."""
    wanted = text.encode()
    former = b""
    if os.path.exists(dest):
        with open(dest, "rb") as file:
            former = file.read()
    if former == wanted:
        return None
    if not module.check_mode:
        write(module, dest, wanted)
    return former


def write(module, dest, data):
    os.makedirs(os.path.dirname(dest), mode=0o755, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    module.atomic_move(fresh, dest)
    os.chmod(dest, 0o600)


def apply(module, netform, file, former):
    """Applies a file; where that fails, it gets its former bytes back. Without --yes netform refuses to remove all of a lab."""
    params = module.params
    flags = ["--lock-timeout=%d" % params["lock_timeout"]] + flags_of(params)
    flags += ["--confirm=%s" % params["confirm"]] if params["confirm"] else []
    flags += ["--yes"] if params["allow_empty"] else []
    rc, out, err = module.run_command([netform.program, "apply", file, "--json"] + flags, data=params["content"])
    try:
        answer = json.loads(out)
    except ValueError:
        answer = {}
    if rc == 0 and answer:
        return answer["status"]
    if former is not None and former == b"":
        os.remove(params["dest"])
    elif former is not None:
        write(module, params["dest"], former)
    module.fail_json(msg=message(answer) or err.strip() or out.strip()[:1000], rc=rc)


def enable(module, netform, lab, file):
    """Has the lab come back at boot, or not. Gives whether that was otherwise before."""
    wanted = module.params["enabled"]
    record = None
    if os.path.exists(ENABLED % lab):
        with open(ENABLED % lab) as text:
            record = json.load(text)
    flags = ["--var=%s=%s" % (name, scalar(value)) for name, value in sorted(module.params["vars"].items())]
    names = {"file": None if file == "-" else file, "vars": [flag[len("--var=") :] for flag in flags]}
    is_so = record is not None and all(record[key] == names[key] for key in names)
    if is_so if wanted else record is None:
        return False
    if not module.check_mode:
        netform.run(["enable", lab if file == "-" else file, "--yes"] + flags if wanted else ["disable", lab])
    return True


def absent(module, netform):
    lab = module.params["name"]
    labs = [one["lab"] for one in netform.run(["list"])[1]["labs"]]
    is_enabled = os.path.exists(ENABLED % lab)
    result = {"lab": lab, "changed": lab in labs or is_enabled}
    if lab in labs and module._diff:
        recorded = [dict(line, sign="-") for one in netform.run(["show", lab])[1]["resources"] for line in one["lines"]]
        result["diff"] = [dict(diff_of([{"lines": recorded}]), before_header=lab, after_header="absent")]
    if not module.check_mode:
        if lab in labs:
            flags = ["--yes", "--lock-timeout=%d" % module.params["lock_timeout"]]
            result["status"] = netform.run(["destroy", lab] + flags)[1]["status"]
        if is_enabled:
            netform.run(["disable", lab])
    module.exit_json(**result)


def decide(module, netform, command):
    lab = module.params["name"]
    if module.check_mode:
        module.exit_json(lab=lab, changed=False)
    answer = netform.run([command, lab])[1]
    # A run that is kept is as it was; one that is undone is not.
    changed = command == "rollback" and answer["status"] == "done"
    module.exit_json(lab=lab, changed=changed, status=answer["status"])


def main():
    module = AnsibleModule(
        argument_spec={
            "src": {"type": "path"},
            "content": {"type": "str"},
            "dest": {"type": "path"},
            "name": {"type": "str"},
            "state": {"default": "present", "choices": ["present", "absent", "confirmed", "rolled_back"]},
            "vars": {"type": "dict", "default": {}},
            "confirm": {"type": "str"},
            "enabled": {"type": "bool"},
            "adopt": {"type": "bool", "default": False},
            "prune": {"type": "bool", "default": False},
            "allow_empty": {"type": "bool", "default": False},
            "lock_timeout": {"type": "int", "default": 60},
            "netform_path": {"default": "netform"},
        },
        mutually_exclusive=[("src", "content"), ("src", "dest")],
        required_by={"dest": ("content",)},
        required_if=[
            ("state", "present", ("src", "content"), True),
            ("state", "absent", ("name",)),
            ("state", "confirmed", ("name",)),
            ("state", "rolled_back", ("name",)),
        ],
        supports_check_mode=True,
    )
    netform = Netform(module)
    state = module.params["state"]
    if state == "present":
        present(module, netform)
    elif state == "absent":
        absent(module, netform)
    else:
        decide(module, netform, "confirm" if state == "confirmed" else "rollback")


if __name__ == "__main__":
    main()
