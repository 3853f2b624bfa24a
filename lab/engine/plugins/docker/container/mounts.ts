/** Volumes and mounts in Docker's words. Pure. */
import { defined, labelMap, type Mount, type VolumeUse } from "../inputs.ts";

/** `source:target:options` of one entry of `volumes`; without a source it is an anonymous volume. */
export function bind(use: VolumeUse): string {
  const source = use.volumeName ?? use.hostPath;
  const options = [use.readOnly === true ? "ro" : undefined, use.selinuxRelabel].filter(
    (option) => option !== undefined,
  );
  return [source, use.containerPath, options.length > 0 ? options.join(",") : undefined]
    .filter((part) => part !== undefined)
    .join(":");
}

/** Less strict than the client library's type, which makes members required that Docker does not. */
export function mount(use: Mount): object {
  const { bindOptions, tmpfsOptions, volumeOptions } = use;
  return defined({
    Type: use.type,
    Target: use.target,
    Source: use.source,
    ReadOnly: use.readOnly,
    BindOptions: bindOptions && defined({ Propagation: bindOptions.propagation }),
    TmpfsOptions: tmpfsOptions && defined({ SizeBytes: tmpfsOptions.sizeBytes, Mode: tmpfsOptions.mode }),
    VolumeOptions:
      volumeOptions &&
      defined({
        NoCopy: volumeOptions.noCopy,
        Subpath: volumeOptions.subpath,
        Labels: volumeOptions.labels && labelMap(volumeOptions.labels),
        DriverConfig:
          (volumeOptions.driverName ?? volumeOptions.driverOptions)
            ? defined({ Name: volumeOptions.driverName, Options: volumeOptions.driverOptions })
            : undefined,
      }),
  });
}
