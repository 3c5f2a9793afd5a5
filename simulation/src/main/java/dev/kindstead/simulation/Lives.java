package dev.kindstead.simulation;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Which lives seeds have: most are short and intense, some are long. Whether it is the one or the
 * other takes nothing from the random numbers of the rest, so short lives are what they were before
 * there were long ones. Long ones are about lists only.
 */
public enum Lives {
  /** As the seed says. */
  DRAWN,
  SHORT,
  LONG;

  /** One seed in so many has a long life. */
  private static final int LONG_IN = 8;

  private static final int[] MINUTES = {2, 3, 5, 8, 13, 20, 30, 45, 60};

  private static final long SALT = 0x6c6f6e676c696665L;

  /** Draws the options of a seed. */
  public WorldOptions draw(long seed) {
    WorldOptions drawn = WorldOptions.draw(seed, new SplittableRandom(seed));
    var random = new SplittableRandom(seed ^ SALT);
    boolean isLong = random.nextInt(LONG_IN) == 0;
    return this == LONG || (this == DRAWN && isLong)
        ? prolonged(drawn, random)
        : drawn.withSubjects(Subjects.draw(seed));
  }

  private static WorldOptions prolonged(WorldOptions life, RandomGenerator random) {
    var pace =
        new Pace(
            Duration.ofSeconds(4 + random.nextInt(12)),
            Duration.ofSeconds(60 + random.nextInt(120)),
            Duration.ofSeconds(2 + random.nextInt(9)),
            Duration.ofSeconds(19),
            Duration.ofSeconds(2 + random.nextInt(60)),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1 + random.nextInt(30)),
            30 + life.objects() * (5 + random.nextInt(20)));
    return life.withLife(
        Duration.ofMinutes(MINUTES[random.nextInt(MINUTES.length)]),
        Duration.ofSeconds(
            random.nextInt(3) == 0 ? 300 + random.nextInt(600) : 5 + random.nextInt(60)),
        Duration.ofSeconds(3 + random.nextInt(20)),
        pace);
  }
}
