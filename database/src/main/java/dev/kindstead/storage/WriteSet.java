package dev.kindstead.storage;

import java.util.ArrayList;
import java.util.List;

/** Writes that take effect together, in this order. Confined to one thread. */
public final class WriteSet {
  /** One write. */
  public sealed interface Write {}

  public record Put(Space space, byte[] key, byte[] value) implements Write {}

  public record Delete(Space space, byte[] key) implements Write {}

  /** Deletes a key that was put exactly once since it was last deleted: cheaper to compact away. */
  public record SingleDelete(Space space, byte[] key) implements Write {}

  /** Deletes every key in [from, until). */
  public record DeleteRange(Space space, byte[] from, byte[] until) implements Write {}

  private final List<Write> writes = new ArrayList<>();

  public void put(Space space, byte[] key, byte[] value) {
    writes.add(new Put(space, key, value));
  }

  public void delete(Space space, byte[] key) {
    writes.add(new Delete(space, key));
  }

  public void singleDelete(Space space, byte[] key) {
    writes.add(new SingleDelete(space, key));
  }

  public void deleteRange(Space space, byte[] from, byte[] until) {
    writes.add(new DeleteRange(space, from, until));
  }

  public List<Write> writes() {
    return writes;
  }
}
