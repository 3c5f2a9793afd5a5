package dev.kindstead.simulation;

import dev.kindstead.replication.Members;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A change of members as a leader makes it: newcomers catch up, then both the former and the new
 * members have to agree, then the new ones alone. Whoever leads next finishes what has begun in its
 * log. Members that have gone are not told. Confined to the scheduler's thread.
 */
final class MemberChange {
  private static final Duration LOOKING = Duration.ofMillis(50);

  /** As the engine gives up. */
  private static final int LOOKS_MAX = 40;

  /** In the middle of one change in so many, its leader is deposed. */
  private static final int INTERRUPTED_IN = 4;

  private final ModelLog log;
  private final ModelSite site;
  private final Leadership leadership;
  private final ModelDisk disk;
  private Consumer<String> done = _ -> {};
  private boolean catchingUp;

  /** Of the entry that began or ended the change, until it is agreed on. */
  private long awaitedLogIndex;

  MemberChange(ModelLog log, Leadership leadership, ModelDisk disk) {
    this.log = log;
    site = log.site();
    this.leadership = leadership;
    this.disk = disk;
  }

  void begin(Members next, Consumer<String> told) {
    ModelVoters now = disk.voters();
    if (catchingUp || awaitedLogIndex > 0 || now.isJoint()) {
      told.accept("another change goes on");
    } else if (next.voters().isEmpty()) {
      told.accept("nobody would be left");
    } else if (next.equals(now.after())) {
      told.accept("");
    } else {
      log.group().tell(log.nodeId(), "is to have members " + next.voters());
      done = told;
      catchingUp = true;
      Set<String> newcomers = new TreeSet<>(next.voters());
      newcomers.removeAll(now.after().voters());
      leadership.follow(newcomers);
      catchUp(next, newcomers, disk.lastLogIndex(), LOOKS_MAX);
    }
  }

  private void catchUp(Members next, Set<String> newcomers, long logIndex, int looksLeft) {
    if (leadership.isOver()) {
      return;
    }
    if (leadership.hasCaughtUp(newcomers, logIndex)) {
      catchingUp = false;
      join(next);
    } else if (looksLeft == 0) {
      catchingUp = false;
      leadership.followOnly(disk.voters().all());
      log.group().hit("newcomer did not catch up");
      tell("a newcomer did not catch up");
    } else {
      log.after(LOOKING, () -> catchUp(next, newcomers, logIndex, looksLeft - 1));
    }
  }

  private void join(Members next) {
    leadership.append(new ModelVoters(disk.voters().after(), next));
    log.othersVote();
    awaitedLogIndex = disk.lastLogIndex();
    if (log.isNasty() && site.random().nextInt(INTERRUPTED_IN) == 0) {
      log.after(
          site.some(LOOKING),
          () -> {
            if (!leadership.isOver()) {
              log.group().hit("change of members interrupted");
              log.stepDown();
            }
          });
    }
    look();
  }

  /** More may be agreed on. */
  void look() {
    long agreed = log.agreedLogIndex();
    if (leadership.isOver() || agreed < awaitedLogIndex || agreed == 0) {
      return;
    }
    ModelVoters now = disk.voters();
    if (now.isJoint() && leadership.isTold()) {
      leadership.append(ModelVoters.of(now.after()));
      leadership.followOnly(now.after().voters());
      awaitedLogIndex = disk.lastLogIndex();
    } else if (!now.isJoint() && awaitedLogIndex > 0) {
      awaitedLogIndex = 0;
      log.group().hit("members changed");
      log.group().tell(log.nodeId(), "has members " + now.after().voters());
      tell("");
      if (!now.after().voters().contains(log.nodeId())) {
        log.after(LOOKING, log::stepDown);
      }
    }
  }

  /** This replica leads no more. */
  void end() {
    if (catchingUp || awaitedLogIndex > 0) {
      tell("another one leads, perhaps");
    }
  }

  private void tell(String whyNot) {
    Consumer<String> told = done;
    done = _ -> {};
    told.accept(whyNot);
  }
}
