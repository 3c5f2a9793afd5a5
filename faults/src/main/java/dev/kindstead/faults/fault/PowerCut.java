package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.LoopDisk;
import dev.kindstead.faults.machine.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The power of machines goes: what their disks had not synced is lost, and the processes are gone.
 * First the file system is shut down, so that nothing a dying process still does can reach the
 * disk.
 */
final class PowerCut implements Fault {
  private final List<Node> victims;
  private final Map<Node, Path> probes = new LinkedHashMap<>();
  private final List<String> anomalies = new ArrayList<>();
  private int refusing;
  private int lost;

  private PowerCut(List<Node> victims) {
    this.victims = victims;
  }

  static Fault one(Target target) {
    return new PowerCut(List.of(target.node()));
  }

  static Fault all(Target target) {
    return new PowerCut(target.cluster().nodes());
  }

  private static LoopDisk disk(Node node) {
    return node.loopDisk().orElseThrow(() -> new IllegalStateException("no disk of its own"));
  }

  @Override
  public void begin() {
    victims.forEach(victim -> probes.put(victim, disk(victim).writeUnsynced("unsynced")));
    // It may notice before it is killed.
    victims.forEach(Node::expectEnd);
    victims.forEach(victim -> disk(victim).cutPower());
    for (Node victim : victims) {
      int exitCode = victim.kill();
      if (exitCode != KILLED) {
        anomalies.addAll(EndedBy.DISK.anomalies(victim.number(), OptionalInt.of(exitCode)));
      }
    }
    refusing = (int) victims.stream().filter(victim -> !disk(victim).takesWrites()).count();
  }

  @Override
  public void end() {
    for (Node victim : victims) {
      disk(victim).restorePower();
      lost += disk(victim).hasLost(probes.getOrDefault(victim, Path.of(""))) ? 1 : 0;
      victim.launch();
    }
  }

  @Override
  public List<String> anomalies() {
    return anomalies;
  }

  @Override
  public String effect() {
    return refusing < victims.size() || lost < victims.size()
        ? ""
        : "%d file systems refused writes, %d lost what was not synced".formatted(refusing, lost);
  }
}
