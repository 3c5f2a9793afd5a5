package dev.kindstead.server;

import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.VersionCommand;
import dev.kindstead.directory.NodeCondition;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.Move;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.environment.Clock;
import dev.kindstead.replication.ReplicaStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What this node says of itself when it is asked. Thread-safe; never blocks. */
final class SelfDescription implements Supplier<NodeDescription> {
  private final NodeOptions options;
  private final NodeIdentity identity;
  private final long boot;
  private final String nodeAddress;
  private final Instant started;
  private final Clock clock;
  private final BooleanSupplier serves;
  private final Supplier<Optional<Disk>> disk;
  private final Supplier<List<String>> removed;
  private final Supplier<List<ReplicaDescription>> replicas;
  private final Supplier<Optional<Instant>> readableUntil;
  private volatile String apiAddress = "";
  private volatile Supplier<Optional<Move>> move = Optional::empty;
  private volatile BooleanSupplier draining = () -> false;

  /**
   * @param boot counts the starts of the data directory
   * @param nodeAddress empty for a node alone
   */
  SelfDescription(
      NodeOptions options,
      NodeIdentity identity,
      long boot,
      String nodeAddress,
      Clock clock,
      BooleanSupplier serves,
      Supplier<Optional<Disk>> disk,
      Supplier<List<String>> removed,
      Supplier<List<ReplicaDescription>> replicas,
      Supplier<Optional<Instant>> readableUntil) {
    this.options = options;
    this.identity = identity;
    this.boot = boot;
    this.nodeAddress = nodeAddress;
    this.clock = clock;
    started = now();
    this.serves = serves;
    this.disk = disk;
    this.removed = removed;
    this.replicas = replicas;
    this.readableUntil = readableUntil;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.wallMicros() / 1000);
  }

  /** From now on clients can connect. A wildcard is no address: others reach us as nodes do. */
  void listensOn(int port) {
    String host = options.listen().host();
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    if (any && !nodeAddress.isEmpty()) {
      host = ListenAddress.parse(nodeAddress).host();
    }
    apiAddress = new ListenAddress(host, port).toString();
  }

  /** The change of members that this node is making is to be asked there from now on. */
  void changesMembers(Supplier<Optional<Move>> asked) {
    move = asked;
  }

  /** Whether this node wants no more requests is to be asked there from now on. */
  void drains(BooleanSupplier asked) {
    draining = asked;
  }

  @Override
  public NodeDescription get() {
    return new NodeDescription(
        identity.clusterId(),
        identity.nodeId(),
        identity.nodeNumber(),
        apiAddress,
        nodeAddress,
        options.place(),
        options.region(),
        VersionCommand.version(),
        boot,
        Optional.of(started),
        serves.getAsBoolean(),
        disk.get(),
        move.get(),
        removed.get(),
        replicas.get().stream().map(this::named).toList(),
        new NodeCondition(
            draining.getAsBoolean(),
            Optional.of(now()),
            readableUntil.get(),
            options.sharedSettings()));
  }

  /** A log in memory knows no node's name. */
  private ReplicaDescription named(ReplicaDescription replica) {
    ReplicaStatus status = replica.status();
    if (!status.voters().isEmpty() || status.role() != ReplicaStatus.Role.LEADS) {
      return replica;
    }
    return new ReplicaDescription(
        replica.group(),
        new ReplicaStatus(
            status.role(),
            identity.nodeId(),
            status.term(),
            status.appliedLogIndex(),
            status.committedLogIndex(),
            status.lastLogIndex(),
            List.of(identity.nodeId())),
        replica.diskBytes());
  }
}
