package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Cluster.Layout;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Shim.Trouble;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** All kinds of faults, and what each needs of the machine. */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
public enum FaultKind {
  KILL("SIGKILL of a node", Scope.NODE, Machine::noSignals, Kill::one),
  KILL_ALL("SIGKILL of all nodes at once", Scope.ALONE, Machine::noSignals, Kill::all),
  PLANNED_STOP("SIGTERM of a node", Scope.NODE, Machine::noSignals, PlannedStop::new),
  STANDSTILL("SIGSTOP of a node", Scope.NODE, Machine::noSignals, Standstill::new),
  STUTTER("a node that stops most of the time", Scope.NODE, Machine::noSignals, Stutter::new),
  POWER_CUT("power cut of a node", Scope.NODE, Machine::noLoopDisks, PowerCut::one),
  POWER_CUT_ALL("power cut of all nodes", Scope.ALONE, Machine::noLoopDisks, PowerCut::all),
  TORN_WRITE("death in the middle of a write", Scope.NODE, Machine::noShim, TornWrite::new),
  DISK_FULL("no space left", Scope.NODE, Machine::noLoopDisks, FullDisk::whole),
  DISK_ALMOST_FULL(
      "less space than the headroom", Scope.NODE, Machine::noLoopDisks, FullDisk::almost),
  WRITE_ERROR("EIO of writes", Scope.NODE, Machine::noShim, trouble(Trouble.FAIL_WRITE)),
  SYNC_ERROR("EIO of fsync", Scope.NODE, Machine::noShim, trouble(Trouble.FAIL_SYNC)),
  WRITE_REFUSED(
      "ENOSPC of writes, at once", Scope.NODE, Machine::noShim, trouble(Trouble.NO_SPACE)),
  SLOW_SYNC("fsync takes up to a second", Scope.NODE, Machine::noShim, trouble(Trouble.SLOW_SYNC)),
  ISOLATION("a node cut off from the others", Scope.NODE, Machine::noNetwork, Cut::isolation),
  ONE_WAY_CUT("a node unheard, or deaf", Scope.NODE, Machine::noNetwork, Cut::oneWay),
  LINK_CUT("two nodes that reach only the third", Scope.NODE, Machine::noNetwork, Cut::link),
  ALL_CUT("no node reaches another", Scope.CLUSTER, Machine::noNetwork, Cut::all),
  FLAPPING("a node cut off several times a second", Scope.NODE, Machine::noNetwork, Flapping::new),
  PACKET_LOSS("packets lost at random", Scope.NODE, needsToo("nft"), PacketLoss::new),
  SLOW_LINK("little bandwidth of a node", Scope.NODE, needsToo("tc"), SlowLink::new),
  RESETS("connections between nodes reset", Scope.NODE, Machine::noNetwork, Resets::new),
  CLOCK_FORWARD("a clock that jumps ahead", Scope.NODE, Machine::noShim, WrongClock::forward),
  CLOCK_BACK("a clock that jumps back", Scope.NODE, Machine::noShim, WrongClock::back),
  CLOCK_STROBE("a clock that jumps to and fro", Scope.NODE, Machine::noShim, WrongClock::strobe),
  CPU_STARVATION(
      "2 to 12 % of a processor", Scope.NODE, m -> m.noController("cpu"), CpuStarvation::new),
  MEMORY_LIMIT("no more memory", Scope.NODE, m -> m.noController("memory"), MemoryLimit::new),
  PACKET_DELAY(
      "packets late and out of order", Scope.NODE, Machine::noPacketDelay, PacketDelay::new),
  BIT_FLIP("a bit of a stopped node's disk flips", Scope.NODE, _ -> Optional.empty(), BitFlip::new),
  NODE_REMOVE("a node taken out for good", Scope.NODE, _ -> Optional.empty(), NodeRemoval::new),
  NODE_ADD("another node for a dead one", Scope.NODE, Machine::noSignals, NodeReplacement::asked),
  NODE_REPLACE(
      "a dead node replaced by itself",
      Scope.NODE,
      Machine::noSignals,
      NodeReplacement::afterSomeTime),
  OVERLOAD("ten times the clients", Scope.CLUSTER, _ -> Optional.empty(), Overload::new);

  /** What it befalls, which says what may happen at the same time. */
  public enum Scope {
    NODE,
    /** All nodes, and one of them may have another fault. */
    CLUSTER,
    /** All nodes, which are gone then. */
    ALONE
  }

  private static final Set<FaultKind> RESTARTS =
      EnumSet.of(KILL, PLANNED_STOP, POWER_CUT, TORN_WRITE, WRITE_ERROR, SYNC_ERROR, WRITE_REFUSED);

  /** What leaves a node without its vote or its data: another one must be there. */
  private static final Set<FaultKind> NEEDS_SPARE =
      EnumSet.of(BIT_FLIP, NODE_REMOVE, NODE_ADD, NODE_REPLACE);

  private static final Set<FaultKind> LIGHT =
      EnumSet.of(
          STANDSTILL,
          STUTTER,
          SLOW_SYNC,
          ISOLATION,
          ONE_WAY_CUT,
          LINK_CUT,
          FLAPPING,
          PACKET_LOSS,
          SLOW_LINK,
          RESETS,
          CLOCK_FORWARD,
          CLOCK_BACK,
          CLOCK_STROBE);

  private final String description;
  private final Scope scope;
  private final Function<Machine, Optional<String>> missing;
  private final Function<Target, Fault> maker;

  FaultKind(
      String description,
      Scope scope,
      Function<Machine, Optional<String>> missing,
      Function<Target, Fault> maker) {
    this.description = description;
    this.scope = scope;
    this.missing = missing;
    this.maker = maker;
  }

  private static Function<Target, Fault> trouble(Trouble trouble) {
    return target -> new DiskTrouble(target, trouble);
  }

  private static Function<Machine, Optional<String>> needsToo(String program) {
    return machine -> machine.noNamespaces().or(() -> machine.noProgram(program));
  }

  /** As it is written on command lines and in reports: kill-all. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind of this word; IllegalArgument, which names all, when there is none. */
  public static FaultKind of(String word) {
    return Stream.of(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no kind of fault: "
                    + word
                    + "; there are "
                    + String.join(", ", Stream.of(values()).map(FaultKind::word).toList())));
  }

  /** Whether it leaves nodes to be started again: then others can happen while they start. */
  public boolean isRestart() {
    return RESTARTS.contains(this);
  }

  /** Whether it needs no start, and ends at once: it can happen while another node starts. */
  public boolean isLight() {
    return LIGHT.contains(this);
  }

  /** Whether a node is lost by it, or taken out, and another one has to take its place. */
  public boolean needsSpare() {
    return NEEDS_SPARE.contains(this);
  }

  public String description() {
    return description;
  }

  public Scope scope() {
    return scope;
  }

  /** Why it cannot happen on this machine, to three nodes; empty when it can. */
  public Optional<String> missing(Machine machine) {
    return missing(machine, Layout.USUAL);
  }

  /** Why it cannot happen to such a cluster on this machine; empty when it can. */
  public Optional<String> missing(Machine machine, Layout layout) {
    Optional<String> noSpare = NEEDS_SPARE.contains(this) ? layout.noSpare() : Optional.empty();
    return noSpare.or(() -> missing.apply(machine));
  }

  public Fault fault(Target target) {
    return maker.apply(target);
  }

  @Override
  public String toString() {
    return word();
  }
}
