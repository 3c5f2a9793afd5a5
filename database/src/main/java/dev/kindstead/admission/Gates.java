package dev.kindstead.admission;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The gates of a node. Thread-safe. */
public final class Gates {
  private final Gate[] gates = new Gate[CostClass.values().length];
  private final SharedAmount waitingBytes = new SharedAmount(Gate.WAITING_BYTES_MAX);

  public Gates(Clock clock, Timers timers) {
    for (CostClass cost : CostClass.values()) {
      gates[cost.ordinal()] = new Gate(cost, clock, timers, waitingBytes);
    }
  }

  public Gate gate(CostClass cost) {
    return gates[cost.ordinal()];
  }

  /** Shows among the metrics who is inside, who waits and how many were refused. */
  public void register(MeterRegistry metrics) {
    for (Gate gate : gates) {
      String label = gate.cost().label();
      Gauge.builder("kindstead.admission.inside", gate, Gate::inside)
          .description("Calls that go on")
          .tag("class", label)
          .register(metrics);
      Gauge.builder("kindstead.admission.waiting", gate, Gate::waiting)
          .description("Calls that wait for others to end before they begin")
          .tag("class", label)
          .register(metrics);
      FunctionCounter.builder("kindstead.admission.refused", gate, Gate::refused)
          .description("Calls refused because too many were waiting, or for too long")
          .tag("class", label)
          .register(metrics);
    }
    Gauge.builder("kindstead.admission.waiting.bytes", waitingBytes, SharedAmount::taken)
        .description("Bytes of the requests that wait")
        .register(metrics);
  }
}
