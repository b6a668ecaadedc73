import { stringAttribute, u32Attribute } from '../../../net/netlink-attributes.ts';
import { IFLA_GROUP, IFLA_IFNAME, ifinfomsg, RTM_SETLINK } from '../link.ts';
import type { NetlinkMessage } from '../message.ts';

// linux/rtnetlink.h
export const RTM_DELLINK = 17;
// linux/if_link.h

/** Deletes one link by its name. */
export const deleteLinkMessage = (name: string): NetlinkMessage => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [stringAttribute(IFLA_IFNAME, name)],
});

/** Puts a link into a group. */
export const setGroupMessage = (index: number, group: number): NetlinkMessage => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index }),
  attributes: [u32Attribute(IFLA_GROUP, group)],
});

/** Deletes every link of a group; the kernel first makes sure that it can delete all. */
export const deleteGroupMessage = (group: number): NetlinkMessage => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [u32Attribute(IFLA_GROUP, group)],
});
