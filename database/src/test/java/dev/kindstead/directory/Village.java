package dev.kindstead.directory;

import dev.kindstead.directory.NodeMemory.Boot;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.Timers;
import dev.kindstead.replication.NodePlace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes at addresses, with disks and a network, in one thread. */
final class Village {
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final Map<String, House> houses = new HashMap<>();
  private final Map<String, Disk> disks = new HashMap<>();
  private final Map<String, Disk> copies = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final Set<House> silent = new HashSet<>();

  /** What survives a node's stop. */
  private static final class Disk implements NodeMemory {
    private String id = "";
    private Boot boot = Boot.NONE;
    private List<Boot> past = List.of();
    private String refusal = "";
    private @Nullable NodeIdentity identity;
    private Map<String, Boot> heard = new HashMap<>();

    boolean isOfOtherCluster(Disk other) {
      NodeIdentity mine = identity;
      NodeIdentity theirs = other.identity;
      return mine != null && theirs != null && !mine.clusterId().equals(theirs.clusterId());
    }

    Disk copy() {
      var copy = new Disk();
      copy.id = id;
      copy.boot = boot;
      copy.past = past;
      copy.identity = identity;
      copy.heard = new HashMap<>(heard);
      return copy;
    }

    @Override
    public String nodeId() {
      return id;
    }

    @Override
    public Boot boot() {
      return boot;
    }

    @Override
    public List<Boot> past() {
      return past;
    }

    @Override
    public String refusal() {
      return refusal;
    }

    @Override
    public void refused(String why) {
      refusal = why;
    }

    @Override
    public Optional<NodeIdentity> identity() {
      return Optional.ofNullable(identity);
    }

    @Override
    public void join(NodeIdentity joined) {
      identity = joined;
    }

    @Override
    public Boot heardOf(String nodeId) {
      return heard.getOrDefault(nodeId, Boot.NONE);
    }

    @Override
    public void hear(String nodeId, Boot start) {
      heard.put(nodeId, start);
    }
  }

  /** A node that runs. It calls another over its connection, while that one runs, or dials. */
  private final class House implements Network {
    private final List<String> told = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Map<String, House> connections = new HashMap<>();
    private final Disk disk;
    private final String address;
    private final AddressBook book;
    private final MembershipMessages messages = new MembershipMessages();
    private @Nullable Handler handler;
    private @Nullable Formation formation;
    private @Nullable CompletableFuture<NodeIdentity> ready;

    House(Disk disk, String address) {
      this.disk = disk;
      this.address = address;
      book = new AddressBook(disk);
    }

    void open(List<String> join) {
      Timers timers =
          (delay, task) -> {
            later.add(task);
            return () -> later.remove(task);
          };
      var met =
          new Formation(
              disk,
              join,
              4,
              this,
              messages,
              book,
              new Admission(this, disk.id, NodePlace.ANYWHERE),
              timers,
              random,
              Runnable::run,
              told::add,
              refusals::add);
      formation = met;
      ready = met.start();
    }

    @Override
    public CompletableFuture<byte[]> call(
        String nodeId, Service service, byte[] request, Duration timeout) {
      House other = nodeId.equals(disk.id) ? this : connections.get(nodeId);
      if (other == null || !houses.containsValue(other)) {
        other = houses.get(book.known.getOrDefault(nodeId, ""));
      }
      if (other != null && other.disk.id.equals(nodeId)) {
        connections.put(nodeId, other);
        if (silent.contains(this) || silent.contains(other)) {
          return CompletableFuture.failedFuture(new AnswerLost("no answer in time"));
        }
        if (other != this) {
          other.book.known.put(disk.id, address);
        }
        return Objects.requireNonNull(other.handler).handle(disk.id, request);
      }
      return CompletableFuture.failedFuture(new NotDelivered("nobody there"));
    }

    @Override
    public void serve(Service service, Handler served) {
      handler = served;
    }
  }

  /** What one node knows of the others' addresses. */
  private final class AddressBook implements Formation.Addresses {
    private final Map<String, String> known = new HashMap<>();
    private final Disk disk;

    AddressBook(Disk disk) {
      this.disk = disk;
    }

    @Override
    public CompletableFuture<String> meet(String address, Duration timeout) {
      House house = houses.get(address);
      if (house == null || silent.contains(house)) {
        return CompletableFuture.failedFuture(new Network.NotDelivered("nobody there"));
      }
      if (disk.isOfOtherCluster(house.disk)) {
        return CompletableFuture.failedFuture(
            new Formation.OtherCluster("this is another cluster"));
      }
      if (!house.disk.id.equals(disk.id)) {
        known.put(house.disk.id, address);
      }
      return CompletableFuture.completedFuture(house.disk.id);
    }

    @Override
    public Map<String, String> known() {
      return known;
    }

    @Override
    public void learn(String nodeId, String address) {
      known.put(nodeId, address);
    }
  }

  void start(String address, List<String> join) {
    Disk disk = disks.computeIfAbsent(address, _ -> new Disk());
    if (disk.id.isEmpty()) {
      disk.id = NodeIdentity.mintNodeId(random);
    }
    if (!disk.boot.equals(NodeMemory.Boot.NONE)) {
      disk.past = Stream.concat(disk.past.stream(), Stream.of(disk.boot)).toList();
    }
    disk.boot = new NodeMemory.Boot(disk.boot.number() + 1, random.nextLong());
    var house = new House(disk, address);
    houses.put(address, house);
    house.open(join);
  }

  /** A copy of a node's disk, as it is now, is started at another address. */
  void startCopy(String address, String at, List<String> join) {
    disks.put(at, Objects.requireNonNull(disks.get(address)).copy());
    start(at, join);
  }

  /** The node hangs, or is cut off: it hears nothing, and nobody hears it. */
  void silence(String address) {
    silent.add(house(address));
  }

  void letSpeak(String address) {
    silent.remove(house(address));
  }

  /** What a node does each second that takes part. */
  void greet(String address) {
    Objects.requireNonNull(house(address).formation).greet();
  }

  /** Why a node that took part has to stop. */
  List<String> refusals(String address) {
    return house(address).refusals;
  }

  /** What the node's disk says at the next start. */
  String refusalKept(String address) {
    return house(address).disk.refusal();
  }

  /** How a node answers those who ask to follow. */
  void answerJoins(String address, String verdict) {
    house(address)
        .messages
        .on(
            Admission.JOIN,
            (from, request) -> {
              asked.addAll(MembershipMessages.nodesOf(request));
              return CompletableFuture.completedFuture(MembershipMessages.verdict(verdict, "", ""));
            });
  }

  /** What a node does that has no leader. */
  void askAgain(String address) {
    Objects.requireNonNull(house(address).formation).askAgain();
  }

  /** The nodes that have asked to follow. */
  List<String> asked() {
    return asked;
  }

  void stop(String address) {
    houses.remove(address);
  }

  void restart(String address, List<String> join) {
    stop(address);
    start(address, join);
    rounds(2);
  }

  void found(List<String> join) {
    join.forEach(address -> start(address, join));
    rounds(3);
    join.forEach(this::identity);
  }

  /** The members have changed while a node took part. */
  void setMembers(String address, List<String> members) {
    Disk disk = Objects.requireNonNull(disks.get(address));
    disk.identity = Objects.requireNonNull(disk.identity).withMembers(members);
  }

  /** As of a disk that was written before runs were kept. */
  void forgetPast(String address) {
    Objects.requireNonNull(disks.get(address)).past = List.of();
    Objects.requireNonNull(disks.get(address)).boot =
        new NodeMemory.Boot(Objects.requireNonNull(disks.get(address)).boot.number(), 0);
  }

  void copyDisk(String address) {
    copies.put(address, Objects.requireNonNull(disks.get(address)).copy());
  }

  void putBackDisk(String address) {
    disks.put(address, Objects.requireNonNull(copies.get(address)));
  }

  /** Lets each timer that is set now run once, several times over. */
  void rounds(int count) {
    for (int round = 0; round < count; round++) {
      List<Runnable> due = List.copyOf(later);
      later.clear();
      due.forEach(Runnable::run);
    }
  }

  private House house(String address) {
    return Objects.requireNonNull(houses.get(address));
  }

  boolean isReady(String address) {
    return Objects.requireNonNull(house(address).ready).isDone();
  }

  NodeIdentity identity(String address) {
    if (!isReady(address)) {
      throw new AssertionError(address + " is not ready: " + told(address));
    }
    return Objects.requireNonNull(house(address).ready).join();
  }

  /** All that the node has said. */
  List<String> allTold(String address) {
    return house(address).told;
  }

  /** What the node has last said that it waits for. */
  String told(String address) {
    List<String> told = house(address).told;
    return told.isEmpty() ? "" : told.getLast();
  }
}
