package dev.kindstead.replication;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one member of a replica group must know.
 *
 * @param group name of the replica group, the same on all its members: letters, digits, - and _
 * @param nodeId this node's logical id, minted with its data directory; never an address
 * @param memberIds logical ids of the members, as far as they are known without the log; ignored
 *     once the log knows better
 * @param founds whether an empty log is the beginning of the group, with these members; else a
 *     member without a log waits until others take it in: a second beginning would be a second
 *     group
 * @param directory where this member keeps its log, vote and checkpoints
 * @param durability what an acknowledged entry has survived
 * @param checkpointBytes entry bytes applied since the last checkpoint that trigger the next one
 * @param checkpointEntries entries applied since the last checkpoint that trigger the next one
 * @param copyBytesPerSecond how fast a checkpoint is copied to or from another member
 */
public record RaftLogOptions(
    String group,
    String nodeId,
    List<String> memberIds,
    boolean founds,
    Path directory,
    Durability durability,
    long checkpointBytes,
    long checkpointEntries,
    long copyBytesPerSecond) {
  public static final long COPY_BYTES_PER_SECOND_DEFAULT = 64L << 20;
  public static final long CHECKPOINT_BYTES_DEFAULT = 256L << 20;
  public static final long CHECKPOINT_ENTRIES_DEFAULT = 1_000_000;

  private static final Pattern GROUP = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,62}");
  private static final Pattern NODE_ID = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,62}");

  /** What an acknowledged entry has survived. */
  public enum Durability {
    /** Entries are synced to a majority's disks before they are acknowledged. */
    SYNC,
    /**
     * Entries have reached the operating system: they survive the death of the process, but a power
     * cut may take the last ones. For development only.
     */
    RELAXED
  }

  public RaftLogOptions {
    memberIds = List.copyOf(memberIds);
    check(GROUP.matcher(group).matches(), "group name", group);
    check(isNodeId(nodeId), "node id", nodeId);
    for (String memberId : memberIds) {
      check(isNodeId(memberId), "member id", memberId);
    }
    check(checkpointBytes > 0, "checkpointBytes", checkpointBytes);
    check(checkpointEntries > 0, "checkpointEntries", checkpointEntries);
    check(copyBytesPerSecond > 0, "copyBytesPerSecond", copyBytesPerSecond);
  }

  /** Whether a node can be called so. */
  public static boolean isNodeId(String text) {
    return NODE_ID.matcher(text).matches();
  }

  /** A group of this node alone, with the default limits. */
  public static RaftLogOptions single(
      String group, String nodeId, Path directory, Durability durability) {
    return of(group, nodeId, List.of(nodeId), directory, durability);
  }

  /** A group that these members begin, with the default limits. */
  public static RaftLogOptions of(
      String group, String nodeId, List<String> memberIds, Path directory, Durability durability) {
    return new RaftLogOptions(
        group,
        nodeId,
        memberIds,
        true,
        directory,
        durability,
        CHECKPOINT_BYTES_DEFAULT,
        CHECKPOINT_ENTRIES_DEFAULT,
        COPY_BYTES_PER_SECOND_DEFAULT);
  }

  /** The same with checkpoints copied at another rate. */
  public RaftLogOptions withCopyBytesPerSecond(long rate) {
    return new RaftLogOptions(
        group,
        nodeId,
        memberIds,
        founds,
        directory,
        durability,
        checkpointBytes,
        checkpointEntries,
        rate);
  }

  /** The same of a member that begins no group. */
  public RaftLogOptions joining() {
    return new RaftLogOptions(
        group,
        nodeId,
        memberIds,
        false,
        directory,
        durability,
        checkpointBytes,
        checkpointEntries,
        copyBytesPerSecond);
  }

  private static void check(boolean holds, String what, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("bad " + what + ": " + value);
    }
  }
}
