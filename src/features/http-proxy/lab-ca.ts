import type { FeatureContext } from '../../lab/registers.ts';
import { caCertificatePath, type LabStoredFile, labRunFolder } from '../../model/kernel/lab-process.ts';
import type { Query } from '../../model/kernel/need.ts';
import { caPem, certificateText, hostPem } from '../../net/keys/make-certificate.ts';

/** It is answered wherever there is a machine: without one no keys are made. */
const MACHINE = { need: 'folder', key: '/' } as const;

/** What has to be known to make keys. */
export const caQuery: Query = [MACHINE];

/** The CA of a lab, whose key and certificates stay as long as the lab is there. */
export type LabCa = {
  /** Its key, and the certificate that clients trust. */
  readonly secret: LabStoredFile;
  readonly certificate: LabStoredFile;
  /** The certificate and key for hosts that lie at a path. */
  readonly pemFor: (hosts: readonly string[], place: Omit<LabStoredFile, 'content'>) => LabStoredFile;
};

/** The CA of a lab; it is made when it is first asked for. `at`: the first that needs it. */
export function labCa({ world, live, secretOf }: FeatureContext, at: LabStoredFile['at']): LabCa {
  const lab = world.topology.name;
  const path = `${labRunFolder(lab, 'host')}/ca.key`;
  const isOffline = live.get(MACHINE) === null;
  const pem = isOffline ? '' : caPem(secretOf('host', path));
  return {
    secret: { netns: 'host', path, content: pem, isMade: true, at },
    certificate: {
      ...{ netns: 'host', path: caCertificatePath(lab), isMade: true, at },
      content: isOffline ? '' : certificateText(pem),
    },
    pemFor: (hosts, place) => ({
      ...place,
      isMade: true,
      content: isOffline ? '' : hostPem(pem, hosts, secretOf(place.netns, place.path)),
    }),
  };
}
