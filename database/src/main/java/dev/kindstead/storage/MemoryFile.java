package dev.kindstead.storage;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A checkpoint of a {@link MemoryStore}: one file of rows, each its space's ordinal and two arrays
 * with their lengths, and {@link #END}. It goes from replica to replica of one program and is not
 * kept, so it has no version.
 */
final class MemoryFile {
  private static final String NAME = "rows";
  private static final int END = 0xFF;

  private MemoryFile() {}

  /** Writes into a directory that it makes. */
  static void write(Path directory, Map<Space, SortedTree<byte[]>> roots) throws IOException {
    Files.createDirectory(directory);
    try (var out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(directory.resolve(NAME))))) {
      for (Map.Entry<Space, SortedTree<byte[]>> space : roots.entrySet()) {
        var walk = new SortedWalk<>(space.getValue(), false);
        walk.toFirst();
        for (var row = walk.position(); row != null; row = walk.position()) {
          out.writeByte(space.getKey().ordinal());
          writeArray(out, row.key());
          writeArray(out, row.value());
          walk.next();
        }
      }
      out.writeByte(END);
    }
  }

  static Map<Space, SortedTree<byte[]>> read(Path directory) throws IOException {
    Map<Space, SortedTree<byte[]>> roots = new EnumMap<>(Space.class);
    var edit = new SortedTree.Edit();
    try (var in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(directory.resolve(NAME))))) {
      for (int ordinal = in.readUnsignedByte(); ordinal != END; ordinal = in.readUnsignedByte()) {
        Space space = Space.values()[ordinal];
        byte[] key = readArray(in);
        roots.put(space, SortedTree.put(roots.get(space), key, readArray(in), edit));
      }
    }
    return roots;
  }

  private static void writeArray(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readArray(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
