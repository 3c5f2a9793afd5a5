package dev.kindstead.faults;

import dev.kindstead.faults.Report.Happened;
import dev.kindstead.faults.Schedule.Slot;
import dev.kindstead.faults.fault.Fault;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.fault.FaultKind.Scope;
import dev.kindstead.faults.fault.Target;
import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Laggards;
import dev.kindstead.faults.machine.Node;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.workload.Contents;
import dev.kindstead.faults.workload.Judgement;
import dev.kindstead.faults.workload.Workload;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Clients in a project of their own, faults one after the other, then all is mended, progress is
 * demanded, the clients end, and everything is read back and judged. Confined to one thread.
 */
final class Round implements AutoCloseable {
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** Until every replica has applied what its leader has. */
  private static final Duration LEVEL_MAX = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Workload workload;
  private final Consumer<String> told;
  private final List<Happened> happened = new ArrayList<>();
  private final List<String> anomalies = new ArrayList<>();
  private final List<String> notJudged = new ArrayList<>();
  private final long begunNanos = System.nanoTime();
  private Duration length = Duration.ZERO;
  private long silenceMillisMax;

  /** A fault that goes on. */
  private record Going(FaultKind kind, int victim, Fault fault) {}

  /** How long a companion takes: as long as a start does, both of them. */
  private static final Duration COMPANION_HOLD_MIN = Duration.ofMillis(400);

  private static final Duration COMPANION_HOLD_MAX = Duration.ofMillis(1_600);

  /**
   * @param told a line of everything that happens
   */
  Round(Cluster cluster, String project, long seed, Consumer<String> told) {
    this.cluster = cluster;
    this.told = told;
    List<URI> nodes = cluster.nodes().stream().map(Node::uri).toList();
    workload = new Workload(nodes, project, seed);
  }

  void begin(boolean isOptimistic) {
    workload.start(isOptimistic ? "OPTIMISTIC" : "PESSIMISTIC");
  }

  /** Lets the faults of a slot happen, and waits until all nodes are ready again. */
  void happen(Slot slot) {
    Random random = new Random(slot.seed());
    int first = slot.servingIsVictim() ? cluster.serving() : random.nextInt(cluster.nodes().size());
    List<Going> all = new ArrayList<>();
    int victim = first;
    for (FaultKind kind : slot.kinds()) {
      var target = new Target(cluster, workload, victim, random);
      Going going = new Going(kind, victim, kind.fault(target));
      going.fault.begin();
      all.add(going);
      victim = target.other();
    }
    Pause.of(slot.hold());
    // Whoever waits for a lost node to be replaced is last: it needs the other one back for that.
    all.reversed().stream()
        .filter(each -> !endsWhenReady(each))
        .sorted(Comparator.comparing(each -> each.kind.needsSpare()))
        .forEach(each -> each.fault.end());
    all.addAll(companions(slot, all, random));
    cluster.awaitReady();
    all.stream().filter(Round::endsWhenReady).forEach(each -> each.fault.end());
    long silenceMillis = workload.notes().takeSilenceMillis();
    silenceMillisMax = Math.max(silenceMillisMax, silenceMillis);
    all.forEach(each -> note(each, all.size() > 1, silenceMillis));
    Pause.of(slot.pause());
  }

  /** Light faults of a node that does not start, while another one does. */
  private List<Going> companions(Slot slot, List<Going> before, Random random) {
    List<Integer> starting =
        before.stream().filter(each -> each.kind.isRestart()).map(Going::victim).toList();
    List<Going> companions = new ArrayList<>();
    for (FaultKind kind : slot.companions()) {
      int victim = new Target(cluster, workload, starting.getFirst(), random).other();
      if (!cluster.node(victim).isRunning()) {
        continue;
      }
      Going going =
          new Going(kind, victim, kind.fault(new Target(cluster, workload, victim, random)));
      going.fault.begin();
      Pause.of(
          Duration.ofMillis(
              random.nextLong(COMPANION_HOLD_MIN.toMillis(), COMPANION_HOLD_MAX.toMillis())));
      going.fault.end();
      companions.add(going);
    }
    return companions;
  }

  /** The load stays until the nodes that had a fault beside it are back. */
  private static boolean endsWhenReady(Going going) {
    return going.kind == FaultKind.OVERLOAD;
  }

  private void note(Going going, boolean isPair, long silenceMillis) {
    String effect = going.fault.effect();
    happened.add(new Happened(going.kind, isPair, effect, silenceMillis));
    anomalies.addAll(going.fault.anomalies());
    told.accept(
        "%s %-16s %-6s %s%s; silence %d ms"
            .formatted(
                LocalTime.now(ZoneId.systemDefault()).format(SECONDS),
                going.kind,
                going.kind.scope() == Scope.NODE ? "node " + going.victim : "all",
                effect.isEmpty() ? "NO EFFECT" : effect,
                isPair ? " (pair)" : "",
                silenceMillis));
  }

  /** Demands progress, ends the clients, reads all back and judges. */
  Contents end() {
    length = Duration.ofNanos(System.nanoTime() - begunNanos);
    anomalies.addAll(workload.awaitProgress());
    workload.stop();
    Contents contents = workload.read();
    anomalies.addAll(workload.disagreements(contents));
    Judgement judgement = workload.judge(contents);
    anomalies.addAll(judgement.anomalies());
    notJudged.addAll(judgement.notJudged());
    anomalies.addAll(new Laggards(cluster).after(LEVEL_MAX));
    anomalies.addAll(cluster.complaints());
    return contents;
  }

  /** Why nothing can be said of it; empty when it can. */
  List<String> whyInvalid() {
    List<String> why = new ArrayList<>(notJudged);
    why.addAll(workload.notes().tooFew(length));
    return why;
  }

  Workload workload() {
    return workload;
  }

  List<Happened> happened() {
    return happened;
  }

  List<String> anomalies() {
    return anomalies;
  }

  Duration longestSilence() {
    return Duration.ofMillis(silenceMillisMax);
  }

  @Override
  public void close() {
    workload.close();
  }
}
