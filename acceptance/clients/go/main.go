// Google's client for Go against the server that DATASTORE_EMULATOR_HOST names.
// Prints "ok NAME" or "not ok NAME # reason" for each check.
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/datastore"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type task struct {
	N    int64
	Text string `datastore:",omitempty"`
}

type everything struct {
	Greatest, Smallest                        int64
	Double, NotANumber, NegativeZero, Endless float64
	Text                                      string `datastore:",noindex"`
	Bytes                                     []byte
	Yes                                       bool
	Moment                                    time.Time
	Place                                     datastore.GeoPoint
	Friend                                    *datastore.Key
	List                                      []string
	Nested                                    task
}

type checks struct {
	ctx    context.Context
	client *datastore.Client
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	c := checks{ctx, connect(ctx, "")}
	for _, each := range []struct {
		name  string
		check func() error
	}{
		{"insert, lookup, update, upsert, delete", c.mutations},
		{"error codes", c.errorCodes},
		{"allocated ids are unique", c.allocatedIds},
		{"values come back as they went", c.values},
		{"queries and cursors", c.queries},
		{"aggregations", c.aggregations},
		{"a transaction commits both or none", c.transaction},
		{"conflicts abort, retries lose nothing", c.conflicts},
		{"databases and namespaces are apart", c.partitions},
	} {
		if err := each.check(); err != nil {
			fmt.Printf("not ok %s # %s\n", each.name, strings.ReplaceAll(err.Error(), "\n", " | "))
		} else {
			fmt.Printf("ok %s\n", each.name)
		}
	}
}

func connect(ctx context.Context, database string) *datastore.Client {
	client, err := datastore.NewClientWithDatabase(ctx, os.Getenv("DATASTORE_PROJECT_ID"), database)
	if err != nil {
		panic(err)
	}
	return client
}

func expect(claim bool, format string, args ...any) error {
	if claim {
		return nil
	}
	return fmt.Errorf("expected "+format, args...)
}

func key(kind, name string) *datastore.Key { return datastore.NameKey(kind, name, nil) }

func (c checks) mutations() error {
	a := key("Task", "a")
	if _, err := c.client.Mutate(c.ctx, datastore.NewInsert(a, &task{N: 1})); err != nil {
		return err
	}
	if _, err := c.client.Mutate(c.ctx, datastore.NewUpdate(a, &task{N: 2})); err != nil {
		return err
	}
	if _, err := c.client.Put(c.ctx, a, &task{N: 3}); err != nil {
		return err
	}
	var read task
	if err := c.client.Get(c.ctx, a, &read); err != nil {
		return err
	}
	if err := c.client.Delete(c.ctx, a); err != nil {
		return err
	}
	gone := c.client.Get(c.ctx, a, &task{})
	return errors.Join(
		expect(read.N == 3, "3, got %d", read.N),
		expect(errors.Is(gone, datastore.ErrNoSuchEntity), "no entity, got %v", gone))
}

func (c checks) errorCodes() error {
	twice := datastore.NewInsert(key("Task", "twice"), &task{})
	if _, err := c.client.Mutate(c.ctx, twice); err != nil {
		return err
	}
	_, again := c.client.Mutate(c.ctx, twice)
	_, nobody := c.client.Mutate(c.ctx, datastore.NewUpdate(key("Task", "nobody"), &task{}))
	_, reserved := c.client.Put(c.ctx, key("__reserved__", "x"), &task{})
	return errors.Join(
		expect(status.Code(again) == codes.AlreadyExists, "ALREADY_EXISTS, got %v", again),
		expect(status.Code(nobody) == codes.NotFound, "NOT_FOUND, got %v", nobody),
		expect(status.Code(reserved) == codes.InvalidArgument, "INVALID_ARGUMENT, got %v", reserved))
}

func (c checks) allocatedIds() error {
	var incomplete []*datastore.Key
	for range 10 {
		incomplete = append(incomplete, datastore.IncompleteKey("Task", nil))
	}
	keys, err := c.client.AllocateIDs(c.ctx, incomplete)
	if err != nil {
		return err
	}
	put, err := c.client.Put(c.ctx, incomplete[0], &task{})
	if err != nil {
		return err
	}
	ids := map[int64]bool{}
	for _, each := range append(keys, put) {
		ids[each.ID] = true
	}
	return expect(len(ids) == 11, "11 ids, got %v", ids)
}

func (c checks) values() error {
	sent := everything{
		Greatest: math.MaxInt64, Smallest: math.MinInt64,
		Double: 0.5, NotANumber: math.NaN(), NegativeZero: math.Copysign(0, -1), Endless: math.Inf(-1),
		Text: "ß水🚀", Bytes: []byte{0, 255, 128}, Yes: true,
		Moment: time.Date(2026, 11, 21, 1, 2, 3, 456789000, time.UTC),
		Place:  datastore.GeoPoint{Lat: -90, Lng: 180},
		Friend: datastore.IDKey("Values", 5, nil),
		List:   []string{"b", "a", "b"}, Nested: task{N: 7, Text: "x"},
	}
	all := key("Values", "all")
	if _, err := c.client.Put(c.ctx, all, &sent); err != nil {
		return err
	}
	var read everything
	if err := c.client.Get(c.ctx, all, &read); err != nil {
		return err
	}
	ok := math.IsNaN(read.NotANumber) && math.Signbit(read.NegativeZero) && read.Moment.Equal(sent.Moment)
	read.NotANumber, sent.NotANumber, read.Moment, sent.Moment = 0, 0, time.Time{}, time.Time{}
	// The client compares keys as structs, partition included: what the server adds must match.
	ok = ok && read.Friend.Equal(sent.Friend)
	return expect(ok && fmt.Sprint(read) == fmt.Sprint(sent), "%v, got %v", sent, read)
}

func (c checks) numbers(kind string, count int) error {
	keys, tasks := make([]*datastore.Key, count), make([]task, count)
	for n := range count {
		keys[n], tasks[n] = key(kind, fmt.Sprintf("n%02d", n)), task{N: int64(n)}
	}
	_, err := c.client.PutMulti(c.ctx, keys, tasks)
	return err
}

func (c checks) queries() error {
	if err := c.numbers("Number", 25); err != nil {
		return err
	}
	var small []task
	query := datastore.NewQuery("Number")
	if _, err := c.client.GetAll(c.ctx, query.FilterField("N", ">=", 5).FilterField("N", "<", 8), &small); err != nil {
		return err
	}
	if err := expect(fmt.Sprint(small) == "[{5 } {6 } {7 }]", "5 to 7, got %v", small); err != nil {
		return err
	}
	keys, err := c.client.GetAll(c.ctx, query.FilterField("N", "=", 3).KeysOnly(), nil)
	if err != nil || len(keys) != 1 || keys[0].Name != "n03" {
		return fmt.Errorf("expected n03, got %v, %w", keys, err)
	}
	var seen []int64
	for page := query.Order("-N").Limit(10); ; {
		count, it := 0, c.client.Run(c.ctx, page)
		for {
			var each task
			if _, err := it.Next(&each); err == iterator.Done {
				break
			} else if err != nil {
				return err
			}
			count++
			seen = append(seen, each.N)
		}
		cursor, err := it.Cursor()
		if err != nil {
			return err
		}
		if count == 0 {
			break
		}
		page = page.Start(cursor)
	}
	return expect(len(seen) == 25 && seen[0] == 24 && seen[24] == 0, "24 down to 0, got %v", seen)
}

func (c checks) aggregations() error {
	if err := c.numbers("Counted", 10); err != nil {
		return err
	}
	query := datastore.NewQuery("Counted").NewAggregationQuery().WithCount("all").WithSum("N", "sum").WithAvg("N", "mean")
	result, err := c.client.RunAggregationQuery(c.ctx, query)
	if err != nil {
		return err
	}
	return expect(strings.Contains(fmt.Sprint(result["mean"]), "4.5") && strings.Contains(fmt.Sprint(result["sum"]), "45"),
		"45 and 4.5, got %v", result)
}

func (c checks) transaction() error {
	a, b := key("Account", "a"), key("Account", "b")
	if _, err := c.client.PutMulti(c.ctx, []*datastore.Key{a, b}, []task{{N: 100}, {N: 0}}); err != nil {
		return err
	}
	_, err := c.client.RunInTransaction(c.ctx, func(tx *datastore.Transaction) error {
		var from task
		if err := tx.Get(a, &from); err != nil {
			return err
		}
		_, err := tx.PutMulti([]*datastore.Key{a, b}, []task{{N: from.N - 30}, {N: 30}})
		return err
	})
	if err != nil {
		return err
	}
	changedMyMind := errors.New("changed my mind")
	_, err = c.client.RunInTransaction(c.ctx, func(tx *datastore.Transaction) error {
		return errors.Join(tx.Delete(a), changedMyMind)
	})
	if !errors.Is(err, changedMyMind) {
		return err
	}
	both := make([]task, 2)
	err = c.client.GetMulti(c.ctx, []*datastore.Key{a, b}, both)
	return errors.Join(err, expect(both[0].N == 70 && both[1].N == 30, "70 and 30, got %v", both))
}

func (c checks) conflicts() error {
	counter := key("Account", "counter")
	if _, err := c.client.Put(c.ctx, counter, &task{}); err != nil {
		return err
	}
	var group sync.WaitGroup
	failures := make(chan error, 3)
	for range 3 {
		group.Go(func() {
			for range 5 {
				if err := c.increment(counter); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(failures)
	for err := range failures {
		return err
	}
	var read task
	err := c.client.Get(c.ctx, counter, &read)
	return errors.Join(err, expect(read.N == 15, "15, got %d", read.N))
}

func (c checks) increment(counter *datastore.Key) error {
	for {
		_, err := c.client.RunInTransaction(c.ctx, func(tx *datastore.Transaction) error {
			var read task
			if err := tx.Get(counter, &read); err != nil {
				return err
			}
			_, err := tx.Put(counter, &task{N: read.N + 1})
			return err
		})
		if !errors.Is(err, datastore.ErrConcurrentTransaction) && status.Code(err) != codes.Aborted {
			return err
		}
	}
}

func (c checks) partitions() error {
	second := connect(c.ctx, "second")
	defer second.Close()
	for i, place := range []*datastore.Client{c.client, second} {
		for j, namespace := range []string{"", "tenant"} {
			note := key("Note", "same")
			note.Namespace = namespace
			if _, err := place.Put(c.ctx, note, &task{N: int64(10*i + j)}); err != nil {
				return err
			}
		}
	}
	for i, place := range []*datastore.Client{c.client, second} {
		for j, namespace := range []string{"", "tenant"} {
			var notes []task
			_, err := place.GetAll(c.ctx, datastore.NewQuery("Note").Namespace(namespace), &notes)
			if err != nil || len(notes) != 1 || notes[0].N != int64(10*i+j) {
				return fmt.Errorf("expected one note, got %v, %w", notes, err)
			}
		}
	}
	return nil
}
