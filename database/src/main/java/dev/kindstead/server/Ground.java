package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What everything else of a node stands on. Immutable.
 *
 * @param boot counts the starts of the data directory
 * @param disk empty when the data is in memory, as {@code size}
 * @param neighbours empty for a node that stays alone
 * @param begun to be run when the groups have begun: writes down that they are here
 */
record Ground(
    NodeIdentity identity,
    long boot,
    Shards shards,
    Optional<DiskGuard> disk,
    Optional<DirectorySize> size,
    Optional<Neighbours> neighbours,
    Runnable begun) {
  private static final Logger LOG = LoggerFactory.getLogger(Ground.class);

  /** Remembers what is to be closed, the last first. */
  interface Opening {
    <T extends AutoCloseable> T opened(T room);
  }

  static Ground inMemory(Opening opening, NodeOptions options, RandomGenerator random) {
    return new Ground(
        NodeIdentity.alone(NodeIdentity.mintNodeId(random), options.shards(), random),
        1,
        opening.opened(Shards.inMemory(options.shards())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        () -> {});
  }

  /**
   * Waits for other nodes, when there are to be some.
   *
   * @param blocking runs what may wait for the disk
   * @param refused told why a node that takes part has to stop at once
   */
  static Ground onDisk(
      Opening opening,
      NodeOptions options,
      Clock clock,
      Timers timers,
      RandomGenerator random,
      Executor blocking,
      Consumer<String> refused) {
    DataDirectory directory =
        opening.opened(DataDirectory.open(options.dataDirectory().orElseThrow(), random));
    NodeFiles node = directory.node();
    var groups = new GroupFiles(directory.path());
    groups.check();
    Optional<Neighbours> neighbours =
        options
            .cluster()
            .flatMap(cluster ->
                listen(
                    opening,
                    cluster.join().isEmpty() && !node.isOfSeveral(),
                    () ->
                        new Neighbours(cluster, options.place(), node, clock, blocking, refused)));
    NodeIdentity identity =
        neighbours
            .map(others ->
                others.meet(options.cluster().orElseThrow(), options.shards(), timers, random))
            .orElseGet(() -> node.alone(options.shards(), random));
    checkShards(options, identity);
    Shards shards = opening.opened(Shards.onDisk(directory, identity, options));
    DiskGuard disk =
        opening.opened(
            new DiskGuard(directory::usableBytes, options.diskHeadroomBytes(), timers, blocking));
    opening.opened(new Periodic(options.checkpointInterval(), timers, shards::requestCheckpoints));
    var size = new DirectorySize(directory, clock, blocking);
    return new Ground(
        identity,
        node.boot().number(),
        shards,
        Optional.of(disk),
        Optional.of(size),
        neighbours,
        () -> groups.keep(shards.groups(), node));
  }

  private static void checkShards(NodeOptions options, NodeIdentity identity) {
    if (options.shardsChosen() && options.shards() != identity.shards()) {
      throw new Refusal(
          ExitCode.USAGE,
          "--shards=%d: this data was founded with %d shards, and the number cannot be changed.\nLeave --shards out."
              .formatted(options.shards(), identity.shards()));
    }
  }

  /** A node that begins alone goes on without: it may share its machine with others like it. */
  private static Optional<Neighbours> listen(
      Opening opening, boolean beginsAlone, Supplier<Neighbours> listening) {
    try {
      return Optional.of(opening.opened(listening.get()));
    } catch (Refusal refusal) {
      if (!beginsAlone || refusal.exitCode() == ExitCode.USAGE) {
        throw refusal;
      }
      LOG.warn("no other node can join this one: {}", refusal.getMessage());
      return Optional.empty();
    }
  }

  /** How each replica stands, and what it takes on the disk. */
  List<ReplicaDescription> replicas() {
    return shards.describe(group -> size.map(all -> all.bytes(group)).orElse(0L));
  }

  /** How much of the disk is used and left, where there is one. */
  Optional<Disk> diskUsed() {
    return disk.flatMap(guard -> size.map(all -> new Disk(all.bytes(), guard.usableBytes())));
  }
}
