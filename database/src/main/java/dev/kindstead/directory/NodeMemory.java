package dev.kindstead.directory;

import java.util.List;
import java.util.Optional;

/**
 * What a node must not forget: its data directory, or a test's memory. Thread-safe; only what is
 * durable when it returns waits for the disk.
 */
public interface NodeMemory {
  /** This node's id, minted with the directory. */
  String nodeId();

  /** Which start of this directory this is; raised durably before anybody hears of it. */
  Boot boot();

  /**
   * The starts before this one, as far as they are kept, without a gap and the latest last; empty
   * when the directory does not know in which runs it was started.
   */
  List<Boot> past();

  /** Why others have refused this directory as an older copy; empty when nobody has. */
  String refusal();

  /** Others have refused this directory: each further start says so; durable on return. */
  void refused(String why);

  /** Empty until the node belongs to a cluster. */
  Optional<NodeIdentity> identity();

  /** The node belongs to a cluster from now on; durable when this returns. */
  void join(NodeIdentity identity);

  /** The latest start of another node that this one has heard of; {@link Boot#NONE} if none. */
  Boot heardOf(String nodeId);

  /** Remembers the start of another node unless a later one is known; durable when this returns. */
  void hear(String nodeId, Boot boot);

  /**
   * A start of a node.
   *
   * @param number counts the starts of a data directory
   * @param run tells two starts of one number apart, as a copied disk makes them
   */
  record Boot(long number, long run) {
    public static final Boot NONE = new Boot(0, 0);

    /** Whether a node that was seen in {@code heard} may come with this. */
    public boolean follows(Boot heard) {
      return number > heard.number || equals(heard);
    }
  }
}
