package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.UniqueIds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Who asks for ids, and who reserves some; and whether nobody got what another has: across crashes,
 * restarts and changes of the node that serves. Confined to the scheduler's thread.
 */
final class IdClients {
  /** Ids are exact in JavaScript. */
  private static final long ID_BOUND = 1L << 53;

  private static final int ALLOCATES = 0;
  private static final int INSERTS = 1;

  private final World world;
  private final IdClient allocates;
  private final IdReserver reserves;
  private final List<UniqueIds.Allocation> allocations = new ArrayList<>();
  private final List<UniqueIds.Reservation> reservations = new ArrayList<>();

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

  /** Somebody who asked then was given these. */
  void allocated(long invoked, List<Key> keys) {
    handedOut(ALLOCATES, invoked, keys);
  }

  /** The node chose this one for an entity. */
  void inserted(long invoked, Key key) {
    handedOut(INSERTS, invoked, List.of(key));
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
    return UniqueIds.anomalies(allocations, reservations);
  }
}
