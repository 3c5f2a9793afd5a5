package dev.kindstead.simulation;

import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Which lives seeds have: most are short and intense, some are long. Whether it is the one or the
 * other takes nothing from the random numbers of the rest, so short lives are what they were before
 * there were long ones. Long ones are about lists only. Some short ones are hot: contention drawn
 * apart, too.
 */
public enum Lives {
  /** As the seed says. */
  DRAWN,
  SHORT,
  LONG;

  /** One seed in so many has a long life. */
  private static final int LONG_IN = 8;

  /** One short life in so many is hot: many clients fight for few lists. */
  private static final int HOT_IN = 16;

  private static final int HOT_LISTS = 3;

  private static final int[] MINUTES = {2, 3, 5, 8, 13, 20, 30, 45, 60};

  private static final long SALT = 0x6c6f6e676c696665L;
  private static final long HOT_SALT = 0x686f74L;

  /** Draws the options of a seed. */
  public WorldOptions draw(long seed) {
    WorldOptions drawn = WorldOptions.draw(seed, new SplittableRandom(seed));
    var random = new SplittableRandom(seed ^ SALT);
    boolean isLong = random.nextInt(LONG_IN) == 0;
    return this == LONG || (this == DRAWN && isLong)
        ? prolonged(drawn, random)
        : perhapsHot(drawn).withSubjects(Subjects.draw(seed));
  }

  /** What it lacks in time it has in conflicts, so it takes no longer to run than others. */
  private static WorldOptions perhapsHot(WorldOptions cool) {
    var random = new SplittableRandom(cool.seed() ^ HOT_SALT);
    if (random.nextInt(HOT_IN) != 0) {
      return cool;
    }
    var modes = ConcurrencyMode.values();
    var crowd =
        new Crowd(
            8 + random.nextInt(8),
            cool.crowd().readers(),
            HOT_LISTS,
            modes[random.nextInt(modes.length)]);
    return cool.withCrowd(crowd).withDuration(Duration.ofSeconds(8 + random.nextInt(8)));
  }

  private static WorldOptions prolonged(WorldOptions brief, RandomGenerator random) {
    var pace =
        new Pace(
            Duration.ofSeconds(4 + random.nextInt(12)),
            Duration.ofSeconds(60 + random.nextInt(120)),
            Duration.ofSeconds(2 + random.nextInt(9)),
            Duration.ofSeconds(19),
            Duration.ofSeconds(2 + random.nextInt(60)),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1 + random.nextInt(30)),
            30 + brief.crowd().objects() * (5 + random.nextInt(20)));
    return brief.withLife(
        new Life(
            Duration.ofMinutes(MINUTES[random.nextInt(MINUTES.length)]),
            brief.life().faultEvery(),
            Duration.ofSeconds(
                random.nextInt(3) == 0 ? 300 + random.nextInt(600) : 5 + random.nextInt(60)),
            Duration.ofSeconds(3 + random.nextInt(20)),
            pace));
  }
}
