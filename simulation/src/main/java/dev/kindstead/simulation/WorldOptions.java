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
 * @param faults the kinds that befall the cluster, by name; empty for all
 * @param subjects what it is about beside transactions on lists
 */
public record WorldOptions(
    long seed,
    Setting setting,
    Crowd crowd,
    Life life,
    Set<String> faults,
    Plant plant,
    Subjects subjects) {
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
    int[] nodeCounts = {1, 1, 3, 3, 3, 3, 3, 5};
    var modes = ConcurrencyMode.values();
    int nodes = nodeCounts[random.nextInt(nodeCounts.length)];
    int shards = 1 + random.nextInt(4);
    var crowd =
        new Crowd(
            2 + random.nextInt(7),
            random.nextInt(4),
            2 + random.nextInt(12),
            modes[random.nextInt(modes.length)]);
    var duration = Duration.ofSeconds(10 + random.nextInt(20));
    var faultEvery = Duration.ofMillis(400 + random.nextInt(4_000));
    boolean nasty = random.nextInt(4) != 0;
    Policy leaders = random.nextInt(4) == 0 ? Policy.TOGETHER : Policy.SPREAD;
    Duration retention =
        random.nextInt(3) == 0
            ? Duration.ofMillis(500 + random.nextInt(8_000))
            : Duration.ofHours(1);
    var idleLimit = Duration.ofSeconds(3 + random.nextInt(20));
    int driftPpm = random.nextInt(DRIFT_PPM_MAX + 1);
    return new WorldOptions(
        seed,
        new Setting(nodes, shards, nasty, leaders, driftPpm),
        crowd,
        new Life(duration, faultEvery, retention, idleLimit, Pace.SHORT),
        Set.of(),
        Plant.NOTHING,
        Subjects.LISTS);
  }

  /**
   * Options under which a planted fault shows: three nodes, many readers, and only some kinds of
   * faults, often.
   */
  static WorldOptions planted(long seed, Plant plant, Set<String> faults) {
    return new WorldOptions(
        seed,
        new Setting(3, 1 + (int) (seed % 2), true, Policy.TOGETHER, DRIFT_PPM_MAX),
        new Crowd(8, 8, 50, ConcurrencyMode.OPTIMISTIC),
        new Life(
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Pace.SHORT),
        faults,
        plant,
        plant == Plant.PAGES_OF_ANOTHER_TIME ? Subjects.LISTS.withLibrary() : Subjects.LISTS);
  }

  /** The same about something else, with as many nodes as that takes. */
  WorldOptions withSubjects(Subjects others) {
    Setting enough = others.isSpread() ? setting.withNodes(others.spread()) : setting;
    return new WorldOptions(seed, enough, crowd, life, faults, plant, others);
  }

  /** The same with another number of nodes. */
  WorldOptions withNodes(int nodes) {
    return new WorldOptions(seed, setting.withNodes(nodes), crowd, life, faults, plant, subjects);
  }

  /** The same with another planted fault, or none. */
  WorldOptions withPlant(Plant other) {
    return new WorldOptions(seed, setting, crowd, life, faults, other, subjects);
  }

  /** The same with leaders elsewhere. */
  WorldOptions withLeaders(Policy policy) {
    return new WorldOptions(
        seed, setting.withLeaders(policy), crowd, life, faults, plant, subjects);
  }

  /** The same with another life. */
  WorldOptions withLife(Life other) {
    return new WorldOptions(seed, setting, crowd, other, faults, plant, subjects);
  }

  /** The same for another time. */
  WorldOptions withDuration(Duration lasts) {
    return withLife(life.withDuration(lasts));
  }

  /** The same with another crowd. */
  WorldOptions withCrowd(Crowd other) {
    return new WorldOptions(seed, setting, other, life, faults, plant, subjects);
  }

  /** The same with more or fewer clients. */
  WorldOptions withClients(int writing, int reading) {
    return withCrowd(new Crowd(writing, reading, crowd.objects(), crowd.mode()));
  }

  /** The same with only some kinds of faults. */
  WorldOptions withFaults(Set<String> kinds) {
    return new WorldOptions(seed, setting, crowd, life, Set.copyOf(kinds), plant, subjects);
  }
}
