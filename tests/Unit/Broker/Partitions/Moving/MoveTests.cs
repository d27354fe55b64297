using System.Runtime.CompilerServices;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>Logs that move from one folder to another while they are served, and moves that do not come to their end.</summary>
public class MoveTests
{
    [Theory]
    [InlineData("fsync")]
    [InlineData("page-cache")]
    public async Task A_log_moves_to_and_fro_while_it_is_written_and_read(string durability)
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        var sent = 0;
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders()))
        {
            using var mover = await broker.ConnectAsync();
            await MovingClient.CreateAsync(mover, "t", durability: durability);
            using var ended = new CancellationTokenSource();
            var written = new StrongBox<int>();
            var writing = Task.Run(() => WriteAsync(broker, written, ended.Token), TestContext.Current.CancellationToken);
            var reading = Task.Run(() => FollowAsync(broker, ended.Token), TestContext.Current.CancellationToken);
            for (var move = 1; move <= 10; move++)
            {
                var target = move % 2 == 1 ? "/b" : "/a";
                Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(mover, "t", 0, target));
                await MovingClient.UntilInAsync(mover, "t", 0, target);
                // A move may be over before a slow machine has written once: each is begun with the writer at work.
                var enough = Volatile.Read(ref written.Value) + 3;
                await ConnectionTests.UntilAsync(() => Volatile.Read(ref written.Value) >= enough, $"{enough} records after move {move}");
            }

            await ended.CancelAsync();
            sent = await writing;
            Assert.InRange(await reading, 1, sent);
            Assert.Equal(Values(sent), await MovingClient.ReadAsync(mover, "t", 0));
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders());
        using var reader = await again.ConnectAsync();
        Assert.Equal(Values(sent), await MovingClient.ReadAsync(reader, "t", 0));
        Assert.Equal(0, again.Server.Topics.Find("t")!.Find(0)!.LeaderEpoch);
    }

    [Fact]
    public async Task A_copy_shows_until_it_is_done_and_a_request_back_cancels_it()
    {
        using var held = new HeldDisk("/b");
        await using var broker = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders());
        using var client = await StartMoveAsync(broker, held);
        Assert.Equal([("/a", 0, false), ("/b", 3, true)], await MovingClient.WhereAsync(client, "t", 0));
        // The same again changes nothing.
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", "3"));
        Assert.Equal(4, (await MovingClient.WhereAsync(client, "t", 0))[1].Lag);

        var move = broker.Server.Moves.Find(broker.Server.Topics.Find("t")!.Find(0)!)!;
        await client.SendAsync(ApiKey.AlterReplicaLogDirs, 2, MovingClient.Alter("t", 0, "/a"));
        await ConnectionTests.UntilAsync(() => move.Stop.IsCancellationRequested, "the move to be called off");
        held.LetGo();
        Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs, 2)).Results[0].Partitions[0].ErrorCode);
        Assert.Equal([("/a", 0, false)], await MovingClient.WhereAsync(client, "t", 0));
        await UntilNothingIsLeftAsync(held.Memory, "/b");
        Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", "4"));
        Assert.Equal(Values(5), await MovingClient.ReadAsync(client, "t", 0));
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        await MovingClient.UntilInAsync(client, "t", 0, "/b");
        Assert.Equal(Values(5), await MovingClient.ReadAsync(client, "t", 0));
    }

    [Fact]
    public async Task A_request_for_a_third_folder_replaces_a_move()
    {
        using var held = new HeldDisk("/b");
        await using var broker = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders("/a,/b,/c"));
        using var client = await StartMoveAsync(broker, held);
        var move = broker.Server.Moves.Find(broker.Server.Topics.Find("t")!.Find(0)!)!;
        await client.SendAsync(ApiKey.AlterReplicaLogDirs, 2, MovingClient.Alter("t", 0, "/c"));
        await ConnectionTests.UntilAsync(() => move.Stop.IsCancellationRequested, "the move to be called off");
        held.LetGo();
        Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs, 2)).Results[0].Partitions[0].ErrorCode);
        await MovingClient.UntilInAsync(client, "t", 0, "/c");
        await UntilNothingIsLeftAsync(held.Memory, "/a");
        await UntilNothingIsLeftAsync(held.Memory, "/b");
        Assert.Equal(Values(3), await MovingClient.ReadAsync(client, "t", 0));
    }

    [Fact]
    public async Task A_topic_that_is_deleted_in_the_middle_of_a_move_is_gone_from_both_folders()
    {
        using var held = new HeldDisk("/b");
        await using var broker = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders());
        using var client = await StartMoveAsync(broker, held);
        var move = broker.Server.Moves.Find(broker.Server.Topics.Find("t")!.Find(0)!)!;
        await client.SendAsync(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = ["t"], TimeoutMs = 10_000 });
        await ConnectionTests.UntilAsync(() => move.Stop.IsCancellationRequested, "the move to be called off");
        held.LetGo();
        Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5)).Responses[0].ErrorCode);
        await UntilNothingIsLeftAsync(held.Memory, "/a");
        await UntilNothingIsLeftAsync(held.Memory, "/b");
        await MovingClient.CreateAsync(client, "t");
        Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", "0"));
        Assert.Equal(Values(1), await MovingClient.ReadAsync(client, "t", 0));
    }

    [Theory]
    [InlineData(DiskFault.Failed, "-future/")]
    [InlineData(DiskFault.Failed, "/recovery-point")]
    [InlineData(DiskFault.Full, "-future/")]
    [InlineData(DiskFault.Full, "/recovery-point")]
    public async Task A_target_that_fails_ends_the_move_and_the_log_is_served_where_it_was(DiskFault fault, string where)
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders()))
        {
            using var client = await broker.ConnectAsync();
            await MovingClient.CreateAsync(client, "t");
            for (var i = 0; i < 10; i++) Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", $"{i}"));
            disk.Fault = (_, path) => path.StartsWith("/b/", StringComparison.Ordinal) && path.Contains(where, StringComparison.Ordinal) ? fault : null;
            Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
            await MovingClient.UntilInAsync(client, "t", 0, "/a");
            Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", "10"));
            Assert.Equal(Values(11), await MovingClient.ReadAsync(client, "t", 0));
            Assert.False(broker.Server.Failure.IsCompleted);
            Assert.Equal(fault == DiskFault.Failed ? ErrorCode.KafkaStorageError : ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
            await MovingClient.UntilInAsync(client, "t", 0, "/a");
            disk.Fault = null;
        }

        await using (var again = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders()))
        {
            using var client = await again.ConnectAsync();
            Assert.Equal(Values(11), await MovingClient.ReadAsync(client, "t", 0));
            await UntilNothingIsLeftAsync(disk, "/b");
            Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
            await MovingClient.UntilInAsync(client, "t", 0, "/b");
            Assert.Equal(Values(11), await MovingClient.ReadAsync(client, "t", 0));
        }
    }

    [Fact]
    public async Task What_producers_did_and_what_was_deleted_moves_along()
    {
        using var held = new HeldDisk("/b");
        await using var broker = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t");
        for (var sequence = 0; sequence < 8; sequence++) Assert.Equal((ErrorCode.None, sequence), await SequencedAsync(client, sequence));
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        await ConnectionTests.UntilAsync(() => held.IsReached, "the copy to begin");
        for (var sequence = 8; sequence < 16; sequence++) Assert.Equal((ErrorCode.None, sequence), await SequencedAsync(client, sequence));
        // Beyond all that was closed when the copy began.
        var deleted = await client.AskAsync<DeleteRecordsResponse>(ApiKey.DeleteRecords, 2, new DeleteRecordsRequest
        {
            Topics = [new DeleteRecordsRequest.Topic { Name = "t", Partitions = [new DeleteRecordsRequest.Partition { PartitionIndex = 0, Offset = 11 }] }], TimeoutMs = 10_000,
        });
        Assert.Equal(11, deleted.Topics[0].Partitions[0].LowWatermark);
        held.LetGo();
        await MovingClient.UntilInAsync(client, "t", 0, "/b");
        Assert.Equal(["11", "12", "13", "14", "15"], await MovingClient.ReadAsync(client, "t", 0, from: 11));
        // The one before the last is a duplicate, the one after the next comes too early.
        Assert.Equal((ErrorCode.None, 14), await SequencedAsync(client, 14));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await SequencedAsync(client, 17)).Error);
        Assert.Equal((ErrorCode.None, 16), await SequencedAsync(client, 16));
        var log = broker.Server.Topics.Find("t")!.Find(0)!.Log!;
        Assert.Equal(("/b/t-0", 11), (log.Folder, log.StartOffset));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_move_is_an_orderly_one()
    {
        using var held = new HeldDisk("/b");
        await using (var broker = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders()))
        {
            using var client = await StartMoveAsync(broker, held);
            var stopping = Task.Run(() => broker.DisposeAsync().AsTask(), TestContext.Current.CancellationToken);
            held.LetGo();
            await stopping;
        }

        await using var again = await TestBroker.StartAsync(disk: held.Memory, settings: MovingClient.Folders());
        using var reader = await again.ConnectAsync();
        Assert.Equal(Values(3), await MovingClient.ReadAsync(reader, "t", 0));
        Assert.Equal(0, again.Server.Topics.Find("t")!.Find(0)!.LeaderEpoch);
        // The move may have come to its end before the broker did.
        await ConnectionTests.UntilAsync(() => held.Memory.List("/a").Concat(held.Memory.List("/b")).Count(static entry => entry.IsFolder) == 1, "what the move has left to go");
    }

    [Fact]
    public async Task Errors_are_Kafkas()
    {
        await using var broker = await TestBroker.StartAsync(settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t");
        Assert.Equal(ErrorCode.LogDirNotFound, await MovingClient.AlterAsync(client, "t", 0, "/none"));
        Assert.Equal(ErrorCode.LogDirNotFound, await MovingClient.AlterAsync(client, "t", 0, "/b/"));
        Assert.Equal(ErrorCode.LogDirNotFound, await MovingClient.AlterAsync(client, "nothing", 0, ""));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await MovingClient.AlterAsync(client, "t", 1, "/b"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await MovingClient.AlterAsync(client, "t", -1, "/b"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await MovingClient.AlterAsync(client, "", 0, "/b"));
        Assert.Equal(ErrorCode.InvalidTopicException, await MovingClient.AlterAsync(client, new string('t', 240), 0, "/none"));
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/a"));
        Assert.Equal([("/a", 0, false)], await MovingClient.WhereAsync(client, "t", 0));
    }

    [Fact]
    public async Task A_partition_that_is_not_yet_is_made_where_it_is_wanted_once()
    {
        await using var broker = await TestBroker.StartAsync(settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, await MovingClient.AlterAsync(client, "t", i, "/b"));
        }

        await MovingClient.CreateAsync(client, "t", partitions: 3);
        for (var i = 0; i < 3; i++) await MovingClient.UntilInAsync(client, "t", i, "/b");
        await client.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TopicNames = ["t"], TimeoutMs = 10_000 });
        await MovingClient.CreateAsync(client, "t", partitions: 3);
        await MovingClient.UntilInAsync(client, "t", 0, "/a");
        await MovingClient.UntilInAsync(client, "t", 1, "/b");
    }

    private static async Task<Conversation> StartMoveAsync(TestBroker broker, HeldDisk held)
    {
        var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t");
        for (var i = 0; i < 3; i++) Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", $"{i}"));
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        await ConnectionTests.UntilAsync(() => held.IsReached, "the copy to begin");
        return client;
    }

    private static async Task<int> WriteAsync(TestBroker broker, StrongBox<int> sent, CancellationToken ended)
    {
        using var client = await broker.ConnectAsync();
        for (; !ended.IsCancellationRequested; Volatile.Write(ref sent.Value, sent.Value + 1))
            Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", $"{sent.Value}"));
        return sent.Value;
    }

    private static async Task<int> FollowAsync(TestBroker broker, CancellationToken ended)
    {
        using var client = await broker.ConnectAsync();
        var seen = 0;
        for (var rounds = 0; !ended.IsCancellationRequested; rounds++)
        {
            // Now and then from the beginning, whose segments have other names by then.
            if (rounds % 16 == 0) seen = 0;
            var found = await MovingClient.ReadAsync(client, "t", 0, seen, maxBytes: 2000);
            Assert.Equal(Enumerable.Range(seen, found.Count).Select(static value => $"{value}"), found);
            seen += found.Count;
        }

        return seen;
    }

    private static async Task<(ErrorCode Error, long Offset)> SequencedAsync(Conversation client, int sequence)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), OptionalBytes.Null, System.Text.Encoding.UTF8.GetBytes($"{sequence}"));
        var batch = builder.Finish(new BatchOptions { Producer = new ProducerIdentity(4711, 0, sequence) }).ToArray();
        var answer = (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", batch))).Responses[0].PartitionResponses[0];
        return (answer.ErrorCode, answer.BaseOffset);
    }

    /// <summary>Nothing of a partition is in the folder, whatever it is called; files go with a tick.</summary>
    private static Task UntilNothingIsLeftAsync(MemoryFileSystem disk, string folder) =>
        ConnectionTests.UntilAsync(() => !disk.List(folder).Any(static entry => entry.IsFolder), $"the folders in {folder} to go");

    private static IEnumerable<string> Values(int count) => Enumerable.Range(0, count).Select(static value => $"{value}");
}
