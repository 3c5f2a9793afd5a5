package dev.kindstead.simulation;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.Successions;
import dev.kindstead.simulation.check.Successions.Insert;
import dev.kindstead.simulation.check.UniqueIds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Who asks for ids, and who reserves some; and whether nobody got what another has: across crashes,
 * restarts and changes of the node that serves. Confined to the scheduler's thread.
 */
final class IdClients {
  /** Ids are exact in JavaScript. */
  private static final long ID_BOUND = 1L << 53;

  static final String KIND = "Task";

  private static final int ALLOCATES = 0;
  private static final int INSERTS = 1;

  /** Nobody heard of it. */
  private static final int UNHEARD = 2;

  private final World world;
  private final IdClient allocates;
  private final IdReserver reserves;
  private final List<UniqueIds.Allocation> allocations = new ArrayList<>();
  private final List<UniqueIds.Reservation> reservations = new ArrayList<>();
  private final List<Insert> inserts = new ArrayList<>();
  private final Set<Long> insertedIds = new HashSet<>();

  /** Ids that are there at the end, by what they are below. */
  private final Map<String, Set<Long>> found = new TreeMap<>();

  /**
   * @param beside for who reserves, so that who allocates does as before there was one
   */
  IdClients(World world, RandomGenerator random, RandomGenerator beside) {
    this.world = world;
    allocates = new IdClient(world, this, random);
    reserves = new IdReserver(world, this, beside);
  }

  void start() {
    allocates.start();
    reserves.start();
  }

  void stop() {
    allocates.stop();
    reserves.stop();
  }

  boolean isIdle() {
    return reserves.isIdle();
  }

  boolean haveGotOnSince(long nanos) {
    return allocates.hasGotOnSince(nanos) && reserves.hasGotOnSince(nanos);
  }

  /** Somebody who asked then was given these. */
  void allocated(long invoked, List<Key> keys) {
    handedOut(ALLOCATES, invoked, keys);
  }

  /** The node chose this one for an entity, in place of the last one below the parent. */
  void inserted(long invoked, Key parent, Key key, long commitTime) {
    long id = key.last().id();
    handedOut(INSERTS, invoked, List.of(key));
    insertedIds.add(id);
    inserts.add(new Insert(parent.toString(), Outcome.DONE, id));
    long now = world.scheduler().monotonicNanos();
    world.commitTimes().committed("insert of " + id, invoked, now, commitTime);
  }

  /** An insert was refused, or nobody knows. */
  void notInserted(Key parent, Outcome outcome) {
    inserts.add(new Insert(parent.toString(), outcome, 0));
  }

  /** What a strong read of everything has shown once all is quiet. */
  void found(List<Entity> entities) {
    for (Entity entity : entities) {
      Key key = entity.key();
      if (key != null && isOne(entity)) {
        var parent = new Key(key.partition(), key.path().subList(0, key.path().size() - 1));
        found.computeIfAbsent(parent.toString(), _ -> new TreeSet<>()).add(key.last().id());
      }
    }
    world.hit("entity with an id of the node judged", found.size());
  }

  /** Whether it is of an entity that was inserted with an id that the node chose. */
  static boolean isOne(Entity entity) {
    Key key = entity.key();
    return key != null
        && key.kind().equals(KIND)
        && key.partition().equals(Lists.PARTITION)
        && key.path().size() > 1
        && key.last().id() != 0;
  }

  private void handedOut(int client, long invoked, List<Key> keys) {
    List<Long> ids = keys.stream().map(key -> key.last().id()).toList();
    for (long id : ids) {
      if (id <= 0 || id >= ID_BOUND) {
        world.report("id is not safe in JavaScript: " + id);
      }
    }
    allocations.add(new UniqueIds.Allocation(client, invoked, ids));
  }

  /** From now on nobody is to be given these. */
  void reserved(List<Long> ids) {
    reservations.add(
        new UniqueIds.Reservation(INSERTS, world.scheduler().monotonicNanos(), Outcome.DONE, ids));
  }

  List<String> anomalies() {
    List<Long> unheard =
        found.values().stream()
            .flatMap(Set::stream)
            .filter(id -> !insertedIds.contains(id))
            .toList();
    List<UniqueIds.Allocation> all = new ArrayList<>(allocations);
    all.add(new UniqueIds.Allocation(UNHEARD, 0, unheard));
    List<String> anomalies = new ArrayList<>(UniqueIds.anomalies(all, reservations));
    anomalies.addAll(Successions.anomalies(inserts, found));
    return anomalies;
  }
}
