using System.Globalization;
using System.Text.Json;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class TransactionCommandTests
{
    private const short AddsByItself = 12;
    private const short AddsNothing = 9;

    [Fact]
    public async Task An_open_transaction_is_listed_shown_and_aborted_and_its_producer_fenced()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");
        var (id, epoch) = await TransactionTalk.StartAsync(client, "shop-1");
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, AddsByItself, "orders", "shop-1", (id, epoch), 0, "an order"));

        Assert.Equal(
            ["TRANSACTIONAL-ID  STATE    PRODUCER  COORDINATOR", string.Create(CultureInfo.InvariantCulture, $"shop-1            Ongoing  {id,-8}  1")],
            (await VerbRun.OfAsync(broker, "txn", "list", "--state", "Ongoing", "--matching", "shop-.*")).Lines);
        Assert.Single((await VerbRun.OfAsync(broker, "txn", "list", "--open-for", "3600")).Lines);
        using var json = JsonDocument.Parse((await VerbRun.OfAsync(broker, "txn", "describe", "shop-1", "--format", "json")).Output);
        Assert.Equal(("Ongoing", "orders:0"), (json.RootElement[0].GetProperty("state").GetString(), json.RootElement[0].GetProperty("partitions").GetString()));

        var planned = await VerbRun.OfAsync(broker, "txn", "abort", "shop-1");
        Assert.Equal(1, planned.ExitCode);
        Assert.Contains($"to abort: the transaction of shop-1 (producer {id}, epoch {epoch}) in orders:0", planned.Error, StringComparison.Ordinal);
        var aborted = await VerbRun.OfAsync(broker, "txn", "abort", "shop-1", "--yes");
        Assert.Equal((0, "aborted the transaction of shop-1\n"), (aborted.ExitCode, aborted.Output));

        var ended = await client.AskAsync<EndTxnResponse>(ApiKey.EndTxn, 5, new EndTxnRequest { TransactionalId = "shop-1", ProducerId = id, ProducerEpoch = epoch, Committed = true });
        Assert.Equal(ErrorCode.ProducerFenced, ended.ErrorCode);
        var again = await VerbRun.OfAsync(broker, "txn", "abort", "shop-1", "--yes");
        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith("moldau: transactional id 'shop-1' has no open transaction; its state is ", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_hangs_in_a_partition_is_ended_there_and_one_with_an_owner_is_not()
    {
        await using var broker = await TestBroker.WithAsync("transaction.partition.verification.enable", "false");
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");
        var (id, epoch) = await TransactionTalk.StartAsync(client, "lost");
        // The coordinator was never told of the partition.
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, AddsNothing, "orders", "lost", (id, epoch), 0, "an order"));

        var ended = await VerbRun.OfAsync(broker, "txn", "abort", "--hanging-in", "orders:0", "--yes");
        Assert.Equal((0, $"aborted the transaction of producer {id} in orders-0\n"), (ended.ExitCode, ended.Output));
        var again = await VerbRun.OfAsync(broker, "txn", "abort", "--hanging-in", "orders:0", "--yes");
        Assert.Equal((1, "moldau: orders-0 has no open transaction\n"), (again.ExitCode, again.Error));

        var (owned, first) = await TransactionTalk.StartAsync(client, "owned");
        Assert.Equal(ErrorCode.None, await TransactionTalk.PutAsync(client, AddsByItself, "orders", "owned", (owned, first), 0, "an order"));
        var refused = await VerbRun.OfAsync(broker, "txn", "abort", "--hanging-in", "orders:0", "--yes");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("its coordinator knows it as 'owned'; 'moldau txn abort owned' ends it", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_or_makes_no_sense_is_named()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("orders");

        foreach (var verb in (string[][])[["describe", "nobody"], ["abort", "nobody", "--yes"]])
        {
            var run = await VerbRun.OfAsync(broker, ["txn", .. verb]);
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Contains("nobody", run.Error, StringComparison.Ordinal);
            Assert.Contains("TRANSACTIONAL_ID_NOT_FOUND", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal((2, "moldau: 'moldau txn abort' takes a transactional id, or --hanging-in TOPIC:PARTITION\n"), Told(await VerbRun.OfAsync(broker, "txn", "abort", "--yes")));
        Assert.Equal((2, "moldau: --hanging-in takes TOPIC or TOPIC:PARTITION,..., not 'orders:'\n"), Told(await VerbRun.OfAsync(broker, "txn", "abort", "--hanging-in", "orders:", "--yes")));
        Assert.Equal((2, "moldau: --hanging-in takes one partition as TOPIC:PARTITION, not 'orders'\n"), Told(await VerbRun.OfAsync(broker, "txn", "abort", "--hanging-in", "orders", "--yes")));
        Assert.Contains("there is no state Open of transactions", (await VerbRun.OfAsync(broker, "txn", "list", "--state", "Open")).Error, StringComparison.Ordinal);
        Assert.Contains("'(' is no regular expression", (await VerbRun.OfAsync(broker, "txn", "list", "--matching", "(")).Error, StringComparison.Ordinal);

        static (int ExitCode, string Error) Told(VerbRun run) => (run.ExitCode, run.Error);
    }
}
