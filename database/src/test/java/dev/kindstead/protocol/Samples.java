package dev.kindstead.protocol;

/** Requests with a little of everything, as JSON with single quotes. */
final class Samples {
  static final String COMMIT =
      """
      {'projectId': 'p1', 'mode': 'TRANSACTIONAL', 'transaction': 'dA==', 'mutations': [
        {'insert': {
          'key': {'partitionId': {'namespaceId': 'n'}, 'path': [{'kind': 'K', 'id': '7'}]},
          'properties': {
            'n': {'nullValue': null}, 'b': {'booleanValue': true},
            'd': {'doubleValue': 1.5}, 't': {'timestampValue': '2026-01-31T12:00:00.5Z'},
            'k': {'keyValue': {'path': [{'kind': 'A', 'name': 'x'}]}},
            'bytes': {'blobValue': 'AQI=', 'excludeFromIndexes': true, 'meaning': 14},
            'g': {'geoPointValue': {'latitude': 1, 'longitude': -2}},
            'v': {'arrayValue': {'values': [{'doubleValue': 1}, {'doubleValue': 2}]},
                  'meaning': 31, 'excludeFromIndexes': true}}}},
        {'update': {'key': {'path': [{'kind': 'K', 'name': 'u'}]}, 'properties': {}},
         'baseVersion': '5', 'propertyMask': {'paths': ['a.b', 'c']},
         'propertyTransforms': [
           {'property': 'n', 'increment': {'integerValue': '1'}},
           {'property': 'm', 'maximum': {'doubleValue': 'NaN'}},
           {'property': 'at', 'setToServerValue': 'REQUEST_TIME'},
           {'property': 'l', 'appendMissingElements': {'values': [{'stringValue': 'x'}]}}]},
        {'delete': {'path': [{'kind': 'K', 'id': '1'}, {'kind': 'L', 'name': 'x'}]},
         'updateTime': '2026-01-31T12:00:00Z', 'conflictResolutionStrategy': 'FAIL'}]}
      """;

  static final String QUERY =
      """
      {'projectId': 'p1', 'partitionId': {'namespaceId': 'n'},
       'readOptions': {'readTime': '2026-01-31T12:00:00Z'}, 'explainOptions': {'analyze': true},
       'query': {'kind': [{'name': 'K'}],
         'filter': {'compositeFilter': {'op': 'AND', 'filters': [
           {'propertyFilter': {'property': {'name': '__key__'}, 'op': 'HAS_ANCESTOR',
             'value': {'keyValue': {'partitionId': {'namespaceId': 'n'},
               'path': [{'kind': 'A', 'id': '1'}]}}}},
           {'compositeFilter': {'op': 'OR', 'filters': [
             {'propertyFilter': {'property': {'name': 'a'}, 'op': 'IN',
               'value': {'arrayValue': {'values': [{'integerValue': '1'}]}}}},
             {'propertyFilter': {'property': {'name': 'b'}, 'op': 'GREATER_THAN',
               'value': {'stringValue': 'x'}}}]}}]}},
         'order': [{'property': {'name': 'b'}, 'direction': 'DESCENDING'}],
         'distinctOn': [{'name': 'b'}], 'projection': [{'property': {'name': 'b'}}],
         'startCursor': 'AQI=', 'offset': 3, 'limit': 5}}
      """;

  static final String NEAREST =
      """
      {'query': {'kind': [{'name': 'K'}],
         'findNearest': {'vectorProperty': {'name': 'v'}, 'distanceMeasure': 'COSINE', 'limit': 3,
           'queryVector': {'arrayValue': {'values': [{'doubleValue': 1}, {'doubleValue': -1}]}},
           'distanceResultProperty': 'd', 'distanceThreshold': 0.5}}}
      """;

  static final String AGGREGATION =
      """
      {'aggregationQuery': {'nestedQuery': {'kind': [{'name': 'K'}]},
        'aggregations': [{'alias': 'n', 'count': {'upTo': '5'}},
          {'sum': {'property': {'name': 'a'}}}, {'avg': {'property': {'name': 'b.c'}}}]},
       'readOptions': {'newTransaction': {'readOnly': {}}}}
      """;

  private Samples() {}
}
