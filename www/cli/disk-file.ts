import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";

/** A file on disk in the shape that the API takes. It is opened when it is its turn, and no longer than it is read. */
export class DiskFile extends Blob {
  readonly name: string;
  private readonly sizeBytes: number;

  constructor(
    private readonly path: string,
    private readonly start = 0,
    end = Number.POSITIVE_INFINITY,
  ) {
    super();
    this.name = basename(path);
    this.sizeBytes = Math.max(0, Math.min(end, sizeOnDisk(path)) - start);
  }

  override get size(): number {
    return this.sizeBytes;
  }

  override slice(start = 0, end = this.sizeBytes): Blob {
    return new DiskFile(this.path, this.start + start, this.start + Math.min(end, this.sizeBytes));
  }

  /** Rejects when there is no such file, or it is none that ends: a folder, a pipe, a device. */
  override async arrayBuffer(): Promise<ArrayBuffer> {
    if (!statSync(this.path).isFile()) throw new Error(`${this.path} is not a file`);
    const file = await open(this.path);
    try {
      const bytes = new Uint8Array(this.sizeBytes);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, this.start + filled);
        if (bytesRead === 0) throw new Error(`${this.path} became shorter while it was read`);
        filled += bytesRead;
      }
      return bytes.buffer;
    } finally {
      await file.close();
    }
  }
}

function sizeOnDisk(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // Reading will fail, too, and that is what the report is about.
    return 0;
  }
}
