package dev.kindstead.protocol;

import dev.kindstead.model.Names;

/**
 * The API's limits on what a request may contain. Documented in docs/limits.md.
 *
 * @param lookupKeysMax keys in one Lookup
 * @param mutationsMax mutations in one Commit
 * @param allocatedKeysMax keys in one AllocateIds or ReserveIds
 * @param entityBytesMax an entity's protobuf bytes
 * @param keyBytesMax the kinds, names and ids of one key together
 * @param pathElementsMax elements in one key's path
 * @param nameBytesMax UTF-8 bytes of a kind, a key's name, a property's name or an alias
 * @param indexedBytesMax bytes of one indexed string or blob
 * @param unindexedBytesMax bytes of one string or blob without index entries
 * @param entityDepthMax how deep entities nest in entities
 * @param transformsMax property transforms in one mutation
 * @param disjunctionsMax ORs of a filter in disjunctive normal form, hence also values of an IN
 * @param notInValuesMax values of a NOT_IN
 * @param aggregationsMax aggregations in one query
 */
public record Limits(
    int lookupKeysMax,
    int mutationsMax,
    int allocatedKeysMax,
    int entityBytesMax,
    int keyBytesMax,
    int pathElementsMax,
    int nameBytesMax,
    int indexedBytesMax,
    int unindexedBytesMax,
    int entityDepthMax,
    int transformsMax,
    int disjunctionsMax,
    int notInValuesMax,
    int aggregationsMax) {

  /**
   * What the service documents, except that mutations and allocated keys are bounded only by the
   * size of a request: Google's own emulators accept any number, and the current limits page no
   * longer names one.
   */
  public static final Limits DEFAULT =
      new Limits(
          1_000,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          1_048_572,
          6 * 1024,
          100,
          Names.BYTES_MAX,
          1_500,
          1_048_487,
          20,
          500,
          30,
          10,
          5);

  public Limits withLookupKeysMax(int keys) {
    return new Limits(
        keys,
        mutationsMax,
        allocatedKeysMax,
        entityBytesMax,
        keyBytesMax,
        pathElementsMax,
        nameBytesMax,
        indexedBytesMax,
        unindexedBytesMax,
        entityDepthMax,
        transformsMax,
        disjunctionsMax,
        notInValuesMax,
        aggregationsMax);
  }

  public Limits withMutationsMax(int mutations) {
    return new Limits(
        lookupKeysMax,
        mutations,
        allocatedKeysMax,
        entityBytesMax,
        keyBytesMax,
        pathElementsMax,
        nameBytesMax,
        indexedBytesMax,
        unindexedBytesMax,
        entityDepthMax,
        transformsMax,
        disjunctionsMax,
        notInValuesMax,
        aggregationsMax);
  }
}
