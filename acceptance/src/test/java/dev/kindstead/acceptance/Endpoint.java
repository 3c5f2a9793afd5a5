package dev.kindstead.acceptance;

/** Where a Datastore server listens, on loopback. */
interface Endpoint {
  int port();

  /** The spelling that every official client accepts in {@code DATASTORE_EMULATOR_HOST}. */
  default String hostAndPort() {
    return "localhost:" + port();
  }
}
