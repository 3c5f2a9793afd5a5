package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Node;
import java.util.List;

/** SIGKILL; started again in the end. */
final class Kill implements Fault {
  private final List<Node> victims;
  private int killed;

  private Kill(List<Node> victims) {
    this.victims = victims;
  }

  static Fault one(Target target) {
    return new Kill(List.of(target.node()));
  }

  static Fault all(Target target) {
    return new Kill(target.cluster().nodes());
  }

  @Override
  public void begin() {
    for (Node victim : victims) {
      killed += victim.kill() == KILLED ? 1 : 0;
    }
  }

  @Override
  public void end() {
    victims.forEach(Node::launch);
  }

  @Override
  public String effect() {
    return killed == victims.size() ? "exit code 137 of " + killed : "";
  }
}
