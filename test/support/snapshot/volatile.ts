/** Why a value is left out of a snapshot. */
type Reason = string;

/** Keys of the JSON of ip(8) that differ between two readings of the same thing, or say only when it was made. */
export const VOLATILE_KEYS: { readonly [key: string]: Reason } = {
  addr_info: 'has lines of its own',
  ifindex: 'counts the links that were made since the boot',
  link: 'is the other end of a veth: `peer` names it',
  link_index: 'is the index of the other end: `peer` names it',
  link_netnsid: 'numbers namespaces in the order in which they met: `peer` names it',
  link_pointtopoint: 'follows from the kind',
  operstate: 'follows the carrier, with a delay',
  linkmode: 'follows from who watches the carrier',
  stats: 'counts packets',
  stats64: 'counts packets',
  valid_life_time: 'counts down',
  preferred_life_time: 'counts down',
  tentative: 'ends by itself: the collector waits for it',
  expires: 'counts down',
  hello_timer: 'is a timer of the bridge',
  tcn_timer: 'is a timer of the bridge',
  topology_change_timer: 'is a timer of the bridge',
  gc_timer: 'is a timer of the bridge',
  message_age_timer: 'is a timer of the port',
  forward_delay_timer: 'is a timer of the port',
  hold_timer: 'is a timer of the port',
  topology_change: 'lasts for some seconds after a port came or went',
  topology_change_detected: 'lasts for some seconds after a port came or went',
  root_id: 'is elected among the bridges',
  bridge_id: 'is made of the priority and the MAC, which are compared',
  root_port: 'is elected among the ports',
  root_path_cost: 'follows from the election',
  designated_bridge: 'follows from the election',
  designated_port: 'follows from the election',
  designated_cost: 'follows from the election',
  designated_root: 'follows from the election',
  parentdev: 'is the bus address of real hardware',
  refcnt: 'counts who uses the table of neighbours just now',
  reachable: 'is drawn at random around the base that is compared with the settings',
  thresh1: 'is one value of the whole machine',
  thresh2: 'is one value of the whole machine',
  thresh3: 'is one value of the whole machine',
  gc_interval: 'is one value of the whole machine',
  multicast_router: 'follows from who was heard on the port',
  tso_max_size: 'is what the driver can do',
  gso_max_size: 'is what the driver can do',
  gro_max_size: 'is what the driver can do',
  gso_ipv4_max_size: 'is what the driver can do',
  gro_ipv4_max_size: 'is what the driver can do',
};

/** The same, inside `info_slave_data` only: of a port of a bridge. The `id` of a vxlan is compared. */
export const VOLATILE_PORT_KEYS: { readonly [key: string]: Reason } = {
  state: 'follows the carrier and the spanning tree',
  id: 'is made of the priority and the number of the port',
  no: 'numbers the ports in the order in which they came',
  cost: 'follows from the speed that the port reports',
};

/** Flags of a link that follow the carrier, with a delay. */
export const VOLATILE_FLAGS: { readonly [flag: string]: Reason } = {
  'NO-CARRIER': 'the other end is down, or was just set up',
  LOWER_UP: 'the opposite',
  'M-DOWN': 'the parent is down',
  linkdown: 'the same, at a route',
};

/** Settings below /proc/sys/net, by a part of their path, that no lab changes and that change by themselves. */
export const VOLATILE_SETTINGS: { readonly [part: string]: Reason } = {
  nf_conntrack_count: 'counts connections',
  nf_conntrack_max: 'is one value of the whole machine',
  nf_conntrack_buckets: 'is one value of the whole machine',
  '/tcp_fastopen_key': 'is drawn at random',
  gc_thresh: 'is one value of the whole machine',
  '/tcp_mem': 'is one value of the whole machine, by its memory',
  '/udp_mem': 'is one value of the whole machine, by its memory',
  fs_: 'is one value of the whole machine',
};
