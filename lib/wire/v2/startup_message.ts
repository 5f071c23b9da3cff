/**
 * The StartupPacket of 2.0: 296 bytes, whatever it says.
 *
 * @module
 */

import type { ByteWriter } from "../../bytes/byte_writer.ts";
import type { StartupMessage } from "../frontend_message.ts";
import { noSuchMessage } from "../unknown_message.ts";

const packetBytes = 296;

/** Writes a StartupPacket; parameters it has no field for become switches in its options. */
export function encodeStartupMessageV2(message: StartupMessage, writer: ByteWriter): void {
  if (message.version >>> 16 > 2) throw noSuchMessage("StartupMessage of another version", "2.0");
  const { user = "", database = "", options = "", ...settings } = message.parameters;
  const switches = Object.entries(settings).map(([name, value]) => settingSwitch(name, value));
  if (options !== "") switches.unshift(options);
  const start = writer.length;
  writer.writeInt32(packetBytes);
  writer.writeInt32(message.version);
  writeLimString("database", database, { size: 64, writer });
  writeLimString("user", user, { size: 32, writer });
  writeLimString("options", switches.join(" "), { size: 64, writer });
  // Unused, and the terminal of ancient servers.
  writeZeros(packetBytes - (writer.length - start), writer);
}

/** A setting as a command line switch: a backslash keeps a space or a backslash in one word. */
function settingSwitch(name: string, value: string): string {
  return "-c " + `${name}=${value}`.replace(/[\\\s]/g, "\\$&");
}

/** The manual's LimString: no zero byte when the text fills the field. */
function writeLimString(
  name: string,
  text: string,
  field: { readonly size: number; readonly writer: ByteWriter },
): void {
  const { size, writer } = field;
  if (text.includes("\0")) {
    throw new TypeError(`Cannot encode StartupMessage: ${name} contains a zero byte`);
  }
  const start = writer.length;
  writer.writeText(text);
  const length = writer.length - start;
  if (length > size) {
    throw new RangeError(
      `Cannot encode StartupMessage: ${name} has ${length} bytes, protocol 2.0 has room for ${size}`,
    );
  }
  writeZeros(size - length, writer);
}

function writeZeros(count: number, writer: ByteWriter): void {
  for (let i = 0; i < count; i++) writer.writeByte(0);
}
