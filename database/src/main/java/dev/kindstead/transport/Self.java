package dev.kindstead.transport;

import java.util.function.Supplier;

/**
 * How this node introduces itself, anew for each connection: it may have joined a cluster since.
 *
 * @param advertised where others dial it; empty for nowhere
 */
record Self(Supplier<Introduction> who, Supplier<String> advertised) {
  Introduction introduction() {
    return who.get();
  }

  /**
   * @param listenerId whom it greets; empty to ask
   */
  Greeting greeting(String listenerId) {
    return new Greeting(who.get(), advertised.get(), listenerId);
  }
}
