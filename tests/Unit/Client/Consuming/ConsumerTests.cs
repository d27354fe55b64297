using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Protocol.Compression;
using Xunit;

namespace Moldau.Unit.Client.Consuming;

/// <summary>What a consumer gives out, against a broker in this process.</summary>
public class ConsumerTests
{
    private const int Deadline = 180_000;

    [Fact(Timeout = Deadline)]
    public async Task Everything_is_read_to_its_end_in_order_with_what_belongs_to_each_record()
    {
        await using var topic = await ConsumedTopic.StartAsync(3);
        for (var partition = 0; partition < 3; partition++) await topic.WriteAsync(partition * 1000, 500, partition);
        await using var consumer = topic.Consumer();

        var byPartition = new Dictionary<int, List<string>>();
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (!byPartition.TryGetValue(record.Partition, out var values)) byPartition[record.Partition] = values = [];
            Assert.Equal(values.Count, record.Offset);
            Assert.Equal("k" + record.Value, record.Key);
            Assert.True(record.Headers.TryGet("h", out var header));
            Assert.Equal("x" + record.Value, System.Text.Encoding.UTF8.GetString(header!.Value.Span));
            Assert.Equal((1, TimestampType.Create, true, false), (record.Headers.Count, record.TimestampType, record.HasKey, record.IsTombstone));
            Assert.InRange(record.Timestamp, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
            values.Add(record.Value!);
        }

        for (var partition = 0; partition < 3; partition++) Assert.Equal(ConsumedTopic.Numbers(partition * 1000, 500), byPartition[partition]);
        Assert.Equal([500L, 500L, 500L], Enumerable.Range(0, 3).Select(partition => consumer.Position(ConsumedTopic.At(partition))!.Value));
    }

    [Theory(Timeout = Deadline)]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_codec_is_read(CompressionType codec)
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 2000, options: new ProducerOptions { Compression = codec, BatchBytes = 8192 });
        await using var consumer = topic.Consumer();

        Assert.Equal(ConsumedTopic.Numbers(0, 2000), await ConsumedTopic.ReadAsync(consumer));
    }

    [Fact(Timeout = Deadline)]
    public async Task Who_follows_gets_what_comes_later_and_who_reads_again_goes_on_where_he_left()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 50);
        await using var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name] });

        Assert.Equal(ConsumedTopic.Numbers(0, 30), await ConsumedTopic.ReadAsync(consumer, 30));
        Assert.Equal(30, consumer.Position(ConsumedTopic.At(0)));
        var more = ConsumedTopic.ReadAsync(consumer, 40);
        await topic.WriteAsync(50, 20);

        Assert.Equal(ConsumedTopic.Numbers(30, 40), await more);
    }

    [Fact(Timeout = Deadline)]
    public async Task Batches_come_as_they_were_written_raw_and_decoded()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 300);
        await using var consumer = topic.Consumer();

        var (values, raw, batches) = (new List<string>(), new List<string>(), 0);
        await foreach (var batch in consumer.ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            batches++;
            Assert.Equal(values.Count, batch.FirstOffset);
            foreach (var record in batch)
            {
                values.Add(record.Value!);
                await Task.Yield();
            }

            for (var i = 0; i < batch.Count; i++) raw.Add(System.Text.Encoding.UTF8.GetString(batch.Raw(i).Value!.Value.Span));
            await batch.AckAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(ConsumedTopic.Numbers(0, 300), values);
        Assert.Equal(values, raw);
        Assert.InRange(batches, 2, 300);
    }

    [Fact(Timeout = Deadline)]
    public async Task Nothing_and_no_bytes_are_two_things()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await using (var writer = topic.Client.CreateProducer())
        {
            await writer.SendAsync(ConsumedTopic.Name, new OutgoingRecord { Partition = 0, Key = Array.Empty<byte>(), Headers = [new("n", (byte[]?)null), new("e", [])] }, TestContext.Current.CancellationToken);
            await writer.SendAsync(ConsumedTopic.Name, new OutgoingRecord { Partition = 0, Value = Array.Empty<byte>() }, TestContext.Current.CancellationToken);
        }

        await using var consumer = topic.Consumer();
        var told = new List<(bool HasKey, bool HasValue, int Headers)>();
        await foreach (var batch in consumer.ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            var (raw, record) = (batch.Raw(0), batch[0]);
            Assert.Equal((raw.Key is not null, raw.Value is null), (record.HasKey, record.IsTombstone));
            Assert.Equal((record.HasKey ? "" : null, record.IsTombstone ? null : ""), (record.Key, record.Value));
            told.Add((record.HasKey, !record.IsTombstone, raw.Headers.Count));
            if (raw.Headers.Count > 0) Assert.Equal([null, 0], raw.Headers.ToArray().Select(static header => header.Value.IsNull ? default(int?) : header.Value.Memory.Length));
        }

        Assert.Equal([(true, false, 2), (false, true, 0)], told);
    }

    [Fact(Timeout = Deadline)]
    public async Task What_belongs_to_a_batch_is_refused_once_the_next_was_asked_for()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 300);
        await using var consumer = topic.Consumer();

        var kept = new List<Headers>();
        Batch<string, string>? last = null;
        await foreach (var batch in consumer.ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            kept.Add(batch[0].Headers);
            last = batch;
        }

        Assert.All(kept, static headers => Assert.Throws<InvalidOperationException>(() => headers.ToArray()));
        Assert.Throws<InvalidOperationException>(() => last!.Count);
    }

    [Theory(Timeout = Deadline)]
    [InlineData("offset", 10)]
    [InlineData("beginning", 0)]
    [InlineData("tail", 97)]
    [InlineData("end", 100)]
    [InlineData("time", 0)]
    public async Task Reading_begins_where_it_was_told(string how, int first)
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 100);
        await using var consumer = topic.Consumer(new ConsumerOptions { StopAtEnd = true, Reset = OffsetReset.None });
        var start = how switch
        {
            "offset" => StartPosition.Offset(10),
            "beginning" => StartPosition.Beginning,
            "tail" => StartPosition.Tail(3),
            "time" => StartPosition.Time(DateTimeOffset.UtcNow.AddHours(-1)),
            _ => StartPosition.End,
        };
        await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [ConsumedTopic.At(0)] = start });

        Assert.Equal(ConsumedTopic.Numbers(first, 100 - first), await ConsumedTopic.ReadAsync(consumer));
    }

    [Fact(Timeout = Deadline)]
    public async Task After_a_seek_nothing_of_the_old_place_is_seen_wherever_it_was()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 2000);
        // Whatever waits at the end is in front of what is asked after a seek.
        await using var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name], LongestWait = TimeSpan.FromMilliseconds(1) });

        var (expected, chance, seen) = (0L, new Random(11), 0);
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(expected, record.Offset);
            if (++seen == 5000) break;
            expected = (expected + 1) % 2000;
            if (expected == 0 || chance.Next(7) == 0)
            {
                if (expected != 0) expected = chance.Next(2000);
                await consumer.SeekAsync(record.Where, StartPosition.Offset(expected));
                Assert.Equal(expected, consumer.Position(record.Where));
            }
        }

        Assert.Equal(5000, seen);
    }

    [Fact(Timeout = Deadline)]
    public async Task Seeks_and_pauses_from_elsewhere_are_met_at_any_moment_and_every_run_begins_where_one_was_told_to()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 3000);
        await using var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name], LongestWait = TimeSpan.FromMilliseconds(1) });

        var targets = new System.Collections.Concurrent.ConcurrentDictionary<long, bool>();
        var (seen, next) = (0, 0L);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reading = ReadAsync();
        await SeenAsync(1);
        var (chance, due) = (new Random(5), 0);
        for (var i = 0; i < 400; i++)
        {
            var before = Volatile.Read(ref seen);
            var target = chance.Next(2900);
            targets[target] = true;
            // While it is paused nothing comes, and what was sought meanwhile is where it goes on.
            if (i % 3 == 0) consumer.Pause(ConsumedTopic.At(0));
            await consumer.SeekAsync(ConsumedTopic.At(0), StartPosition.Offset(target));
            if (i % 3 == 0) consumer.Resume(ConsumedTopic.At(0));
            // Drawn once: a reader of any speed gets as far between two of these, and sometimes nowhere.
            var apart = chance.Next(4);
            due += apart;
            await SeenAsync(before + apart);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.InRange(due, 401, seen);

        async Task SeenAsync(int count)
        {
            while (Volatile.Read(ref seen) < count && !reading.IsCompleted) await Task.Yield();
        }

        async Task ReadAsync()
        {
            await foreach (var record in consumer.ReadAllAsync(stop.Token))
            {
                Assert.True(record.Offset == next || targets.ContainsKey(record.Offset), $"{record} came, where {next} or what was sought was due");
                Assert.Equal(record.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture), record.Value);
                next = record.Offset + 1;
                Interlocked.Increment(ref seen);
            }
        }
    }

    [Theory(Timeout = Deadline)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_partition_that_is_added_later_is_read_from_its_beginning_unless_partitions_were_named(bool isWhole)
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = topic.Broker.BootstrapServers, MetadataAge = TimeSpan.FromMilliseconds(50) });
        await using var consumer = client.CreateConsumer<None, string>(new ConsumerOptions { Topics = isWhole ? [ConsumedTopic.Name] : [], Start = StartPosition.End });
        if (!isWhole) await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [ConsumedTopic.At(0)] = StartPosition.End });
        await using var reading = consumer.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = reading.MoveNextAsync();
        // Where it begins is known before anything is written.
        while (consumer.Assignment.Count == 0 || consumer.Position(ConsumedTopic.At(0)) is null) await Task.Delay(1, TestContext.Current.CancellationToken);
        (await topic.Client.Topics.AddPartitionsAsync(new Dictionary<string, int> { [ConsumedTopic.Name] = 3 }, cancellation: TestContext.Current.CancellationToken))[0].Get();
        await using (var writer = topic.Client.CreateProducer())
        {
            foreach (var partition in (int[])[1, 2]) await writer.SendAsync(ConsumedTopic.Name, new OutgoingRecord { Partition = partition, Value = "later"u8.ToArray() }, TestContext.Current.CancellationToken);
            if (isWhole)
            {
                var seen = new List<TopicPartition>();
                for (; seen.Count < 2; next = reading.MoveNextAsync())
                {
                    Assert.True(await next);
                    seen.Add(reading.Current.Where);
                    Assert.Equal(0, reading.Current.Offset);
                }

                Assert.Equal([1, 2], seen.Select(static where => where.Partition).Order());
            }

            await writer.SendAsync(ConsumedTopic.Name, new OutgoingRecord { Partition = 0, Value = "last"u8.ToArray() }, TestContext.Current.CancellationToken);
        }

        Assert.True(await next);
        Assert.Equal(ConsumedTopic.At(0), reading.Current.Where);
        Assert.Equal(isWhole ? 3 : 1, consumer.Assignment.Count);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_paused_partition_is_silent_from_the_next_record_on_and_goes_on_where_it_was()
    {
        await using var topic = await ConsumedTopic.StartAsync(2);
        await topic.WriteAsync(0, 400, 0);
        await topic.WriteAsync(1000, 400, 1);
        await using var consumer = topic.Consumer();

        var (values, others, paused) = (new List<string>(), 0, false);
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (record.Partition == 1)
            {
                if (++others == 400) consumer.Resume(ConsumedTopic.At(0));
                continue;
            }

            Assert.False(paused && others < 400, $"{record} came while its partition was paused");
            values.Add(record.Value!);
            if (values.Count == 5 && others < 400)
            {
                consumer.Pause(ConsumedTopic.At(0));
                paused = true;
            }
        }

        Assert.Equal(ConsumedTopic.Numbers(0, 400), values);
        Assert.Equal(400, others);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_record_that_is_no_such_value_is_named_and_comes_again_until_it_is_skipped()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 5);
        await using (var writer = topic.Client.CreateProducer()) await writer.SendAsync(ConsumedTopic.Name, new OutgoingRecord { Partition = 0, Value = new byte[] { 0xFF, 0xFE } }, TestContext.Current.CancellationToken);
        await topic.WriteAsync(6, 5);
        await using var consumer = topic.Consumer();

        var values = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var broken = await Assert.ThrowsAsync<SerdeException>(async () =>
            {
                await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken)) values.Add(record.Value!);
            });
            Assert.Equal("t-0@5", broken.Where);
            Assert.Equal(5, consumer.Position(ConsumedTopic.At(0)));
        }

        await consumer.SkipAsync(ConsumedTopic.At(0), 5);
        values.AddRange(await ConsumedTopic.ReadAsync(consumer));
        Assert.Equal([.. ConsumedTopic.Numbers(0, 5), .. ConsumedTopic.Numbers(6, 5)], values);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_serde_that_must_know_something_first_is_awaited_once_for_each_such_thing_and_where_it_fails_the_record_is_named()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 300);
        var serde = new LearningSerde();
        await using var consumer = topic.Client.CreateConsumer(new ConsumerOptions { Topics = [ConsumedTopic.Name], StopAtEnd = true }, Serde.Text, serde);

        var values = new List<string>();
        var failed = await Assert.ThrowsAsync<SerdeException>(async () =>
        {
            await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken)) values.Add(record.Value!);
        });
        Assert.Equal("t-0@9", failed.Where);
        serde.Refuses = '-';
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken)) values.Add(record.Value!);

        Assert.Equal(ConsumedTopic.Numbers(0, 300), values);
        Assert.Equal("0123456789", string.Concat(serde.Learned.Order()));
    }

    [Theory(Timeout = Deadline)]
    [InlineData("earliest", 20)]
    [InlineData("latest", -1)]
    [InlineData("duration", 20)]
    [InlineData("none", -2)]
    public async Task What_was_deleted_is_passed_as_the_reset_says(string reset, int first)
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 40);
        await topic.Client.Topics.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [ConsumedTopic.At(0)] = 20 }, TestContext.Current.CancellationToken);
        await using var consumer = topic.Consumer(new ConsumerOptions
        {
            Reset = reset switch
            {
                "earliest" => OffsetReset.Earliest,
                "latest" => OffsetReset.Latest,
                "duration" => OffsetReset.ByDuration(TimeSpan.FromHours(1)),
                _ => OffsetReset.None,
            },
            StopAtEnd = true,
        });
        await consumer.AssignAsync(new Dictionary<TopicPartition, StartPosition> { [ConsumedTopic.At(0)] = StartPosition.Offset(3) });

        if (first >= 0)
        {
            Assert.Equal(ConsumedTopic.Numbers(first, 40 - first), await ConsumedTopic.ReadAsync(consumer));
        }
        else if (first == -1)
        {
            Assert.Empty(await ConsumedTopic.ReadAsync(consumer));
            Assert.Equal(40, consumer.Position(ConsumedTopic.At(0)));
        }
        else
        {
            var gone = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ConsumedTopic.ReadAsync(consumer));
            Assert.Equal((ConsumedTopic.At(0), 3L), (gone.Partition, gone.Offset));
            Assert.Contains("t-0: there is no offset 3", gone.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ConsumedTopic.ReadAsync(consumer));
            await consumer.SeekAsync(ConsumedTopic.At(0), StartPosition.Beginning);
            Assert.Equal(ConsumedTopic.Numbers(20, 20), await ConsumedTopic.ReadAsync(consumer));
        }
    }

    [Fact(Timeout = Deadline)]
    public async Task A_start_that_nothing_names_is_an_error_where_there_is_no_reset()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await using var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name], Reset = OffsetReset.None });

        Assert.Equal(ConsumedTopic.At(0), (await Assert.ThrowsAsync<NoPositionException>(() => ConsumedTopic.ReadAsync(consumer))).Partition);
    }

    [Fact(Timeout = Deadline)]
    public async Task What_was_unassigned_is_not_seen_any_more_and_what_stays_goes_on()
    {
        await using var topic = await ConsumedTopic.StartAsync(2);
        await topic.WriteAsync(0, 300, 0);
        await topic.WriteAsync(0, 300, 1);
        await using var consumer = topic.Consumer(new ConsumerOptions { StopAtEnd = true });
        await consumer.AssignAsync(ConsumedTopic.At(0), ConsumedTopic.At(1));

        var (isAlone, next) = (false, 0L);
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(isAlone && record.Partition == 0);
            if (record.Partition == 1) Assert.Equal(next++, record.Offset);
            if (record.Partition != 0 || record.Offset != 7) continue;
            await consumer.AssignAsync(ConsumedTopic.At(1));
            isAlone = true;
        }

        Assert.Equal((true, 300L), (isAlone, next));
        Assert.Equal([ConsumedTopic.At(1)], consumer.Assignment);
        await consumer.UnassignAsync(TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => consumer.Position(ConsumedTopic.At(1)));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_restarted_broker_is_read_on_from()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        await topic.WriteAsync(0, 50);
        await using var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name] });
        Assert.Equal(ConsumedTopic.Numbers(0, 50), await ConsumedTopic.ReadAsync(consumer, 50));

        var more = ConsumedTopic.ReadAsync(consumer, 25);
        await topic.Broker.RestartAsync();
        await topic.WriteAsync(50, 25);

        Assert.Equal(ConsumedTopic.Numbers(50, 25), await more);
    }

    [Fact(Timeout = Deadline)]
    public async Task Closing_ends_a_read_that_waits_and_a_second_reader_is_refused()
    {
        await using var topic = await ConsumedTopic.StartAsync();
        var consumer = topic.Consumer(new ConsumerOptions { Topics = [ConsumedTopic.Name], LongestWait = TimeSpan.FromMinutes(5) });
        var waiting = ConsumedTopic.ReadAsync(consumer, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ConsumedTopic.ReadAsync(consumer, 1));
        await consumer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ConsumedTopic.ReadAsync(consumer, 1));
    }
}
