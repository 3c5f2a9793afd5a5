package dev.kindstead.simulation;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.placement.LeaderPlacement.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a seed decides before its run begins.
 *
 * @param nodes one, three or five
 * @param clients that run transactions
 * @param readers clients that only read
 * @param objects lists that there are
 * @param duration simulated time with faults, before everything heals
 * @param faultEvery mean time between faults
 * @param nasty whether logs and network do what they may at their worst
 * @param leaders where the leaders of shards belong
 * @param retention how far back snapshots can be read
 * @param idleLimit a transaction untouched for so long is over
 * @param driftPpm by how many millionths clocks may run too fast or too slow
 * @param faults the kinds that befall the cluster, by name; empty for all
 * @param subjects what it is about beside transactions on lists
 * @param pace in which it all happens
 */
public record WorldOptions(
    long seed,
    int nodes,
    int shards,
    int clients,
    int readers,
    int objects,
    ConcurrencyMode mode,
    Duration duration,
    Duration faultEvery,
    boolean nasty,
    Policy leaders,
    Duration retention,
    Duration idleLimit,
    int driftPpm,
    Set<String> faults,
    Plant plant,
    Subjects subjects,
    Pace pace) {
  private static final int DRIFT_PPM_MAX = 20_000;

  /** One seed in so many is intense. */
  private static final int INTENSE_IN = 8;

  /** Which faults come together then; what they are after shows best where nothing else happens. */
  private static final List<Set<String>> INTENSE_FAULTS =
      List.of(
          Set.of("isolation"),
          Set.of("pause and isolation"),
          Set.of("hand-over", "crash"),
          Set.of("usurpation", "transfer"),
          Set.of("there and back"),
          Set.of("suspension", "isolation"),
          Set.of("slow disk", "usurpation", "crash"),
          Set.of("failing disk", "hand-over"));

  /** Draws the options of a seed, with a short life that is about lists. */
  public static WorldOptions draw(long seed, RandomGenerator random) {
    return random.nextInt(INTENSE_IN) == 0
        ? planted(seed, Plant.NOTHING, INTENSE_FAULTS.get(random.nextInt(INTENSE_FAULTS.size())))
        : drawAll(seed, random);
  }

  private static WorldOptions drawAll(long seed, RandomGenerator random) {
    int[] nodes = {1, 1, 3, 3, 3, 3, 3, 5};
    var modes = ConcurrencyMode.values();
    return new WorldOptions(
        seed,
        nodes[random.nextInt(nodes.length)],
        1 + random.nextInt(4),
        2 + random.nextInt(7),
        random.nextInt(4),
        2 + random.nextInt(12),
        modes[random.nextInt(modes.length)],
        Duration.ofSeconds(10 + random.nextInt(20)),
        Duration.ofMillis(400 + random.nextInt(4_000)),
        random.nextInt(4) != 0,
        random.nextInt(4) == 0 ? Policy.TOGETHER : Policy.SPREAD,
        random.nextInt(3) == 0
            ? Duration.ofMillis(500 + random.nextInt(8_000))
            : Duration.ofHours(1),
        Duration.ofSeconds(3 + random.nextInt(20)),
        random.nextInt(DRIFT_PPM_MAX + 1),
        Set.of(),
        Plant.NOTHING,
        Subjects.LISTS,
        Pace.SHORT);
  }

  /**
   * Options under which a planted fault shows: three nodes, many readers, and only some kinds of
   * faults, often.
   */
  static WorldOptions planted(long seed, Plant plant, Set<String> faults) {
    return new WorldOptions(
        seed,
        3,
        1 + (int) (seed % 2),
        8,
        8,
        50,
        ConcurrencyMode.OPTIMISTIC,
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        true,
        Policy.TOGETHER,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        DRIFT_PPM_MAX,
        faults,
        plant,
        Subjects.LISTS,
        Pace.SHORT);
  }

  /** The same about something else, with as many nodes as that takes. */
  WorldOptions withSubjects(Subjects others) {
    return new WorldOptions(
        seed,
        others.isSpread() ? others.spread() : nodes,
        shards,
        clients,
        readers,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        leaders,
        retention,
        idleLimit,
        driftPpm,
        faults,
        plant,
        others,
        pace);
  }

  /** The same with leaders elsewhere. */
  WorldOptions withLeaders(Policy policy) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        clients,
        readers,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        policy,
        retention,
        idleLimit,
        driftPpm,
        faults,
        plant,
        subjects,
        pace);
  }

  /** The same, but longer or shorter, and at another pace. */
  WorldOptions withLife(Duration lasts, Duration readableFor, Duration idleMax, Pace at) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        clients,
        readers,
        objects,
        mode,
        lasts,
        faultEvery,
        nasty,
        leaders,
        readableFor,
        idleMax,
        driftPpm,
        faults,
        plant,
        subjects,
        at);
  }

  /** The same for another time. */
  WorldOptions withDuration(Duration lasts) {
    return withLife(lasts, retention, idleLimit, pace);
  }

  /** The same with more or fewer clients. */
  WorldOptions withClients(int writing, int reading) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        writing,
        reading,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        leaders,
        retention,
        idleLimit,
        driftPpm,
        faults,
        plant,
        subjects,
        pace);
  }

  /** The same for less time, with more clients that fight for fewer lists. */
  WorldOptions withContention(int fighting, int lists, ConcurrencyMode by, Duration lasts) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        fighting,
        readers,
        lists,
        by,
        lasts,
        faultEvery,
        nasty,
        leaders,
        retention,
        idleLimit,
        driftPpm,
        faults,
        plant,
        subjects,
        pace);
  }

  /** The same with only some kinds of faults. */
  WorldOptions withFaults(Set<String> kinds) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        clients,
        readers,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        leaders,
        retention,
        idleLimit,
        driftPpm,
        Set.copyOf(kinds),
        plant,
        subjects,
        pace);
  }
}
