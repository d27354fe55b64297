using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Groups;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Transactions;

/// <summary>
/// Transactions ended by force. With a transactional id its coordinator ends it and fences the producer; with a partition, a
/// transaction that hangs there and that no coordinator knows of.
/// </summary>
internal static class TransactionAborting
{
    private const string Ongoing = "Ongoing";

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "The transactional id", Arity = ArgumentArity.ZeroOrOne };
        var hanging = new Option<string?>("--hanging-in") { Description = "Instead of an id: the partition in which a transaction hangs that no coordinator knows of", HelpName = "TOPIC:PARTITION" };
        var producer = new Option<long?>("--producer") { Description = "With --hanging-in: the producer's id, where several hang there", HelpName = "ID" };
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "abort", "Aborts a transaction and fences its producer", id, hanging, producer, yes).Does((client, parsed, cancellation) =>
        {
            var (given, where) = (parsed.GetValue(id), parsed.GetValue(hanging));
            if (given is null == where is null) throw new MisuseException("'moldau txn abort' takes a transactional id, or --hanging-in TOPIC:PARTITION");
            return given is not null
                ? OfIdAsync(terminal, client, given, parsed.GetValue(yes), cancellation)
                : HangingAsync(terminal, client, where!, parsed.GetValue(producer), parsed.GetValue(yes), cancellation);
        });
    }

    private static async Task<int> OfIdAsync(Terminal terminal, KafkaClient client, string id, bool isGiven, CancellationToken cancellation)
    {
        var found = await client.Transactions.DescribeAsync([id], cancellation).ConfigureAwait(false);
        if (Failures.Report(terminal, found) != ExitCode.Done) return ExitCode.Failed;
        var transaction = found[0].Value!;
        if (transaction.State != Ongoing) throw new InvalidOperationException($"transactional id '{id}' has no open transaction; its state is {transaction.State}");
        await terminal.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"to abort: the transaction of {id} (producer {transaction.ProducerId}, epoch {transaction.ProducerEpoch}) in {GroupArguments.Text(transaction.Partitions)}; its producer will be fenced")).ConfigureAwait(false);
        if (!Consent.Get(terminal, isGiven, "Abort it?")) return ExitCode.Failed;
        await client.Transactions.FenceAsync(transaction, cancellation).ConfigureAwait(false);
        await terminal.Output.WriteLineAsync($"aborted the transaction of {id}").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<int> HangingAsync(Terminal terminal, KafkaClient client, string text, long? producerId, bool isGiven, CancellationToken cancellation)
    {
        const string Option = "--hanging-in";
        var partitions = text.Contains(':', StringComparison.Ordinal) ? await GroupArguments.PartitionsAsync(client, [text], cancellation, Option).ConfigureAwait(false) : [];
        if (partitions.Count != 1) throw new MisuseException($"{Option} takes one partition as TOPIC:PARTITION, not '{text}'");
        var open = (await client.Transactions.ProducersAsync(partitions[0], cancellation).ConfigureAwait(false))
            .Where(one => one.TransactionStart is not null && (producerId is null || one.ProducerId == producerId)).ToList();
        if (open.Count == 0) throw new InvalidOperationException($"{partitions[0]} has no open transaction{(producerId is null ? "" : $" of producer {producerId}")}");
        if (open.Count > 1) throw new MisuseException($"{partitions[0]} has open transactions of several producers; --producer says which: {string.Join(", ", open.Select(static one => one.ProducerId))}");
        if (await OwnerAsync(client, open[0], cancellation).ConfigureAwait(false) is { } owner)
            throw new InvalidOperationException($"the transaction of producer {open[0].ProducerId} in {partitions[0]} does not hang: its coordinator knows it as '{owner}'; 'moldau txn abort {owner}' ends it");
        await terminal.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"to abort: what producer {open[0].ProducerId} (epoch {open[0].Epoch}) has written into {partitions[0]} from offset {open[0].TransactionStart} on, past any coordinator")).ConfigureAwait(false);
        if (!Consent.Get(terminal, isGiven, "Abort it?")) return ExitCode.Failed;
        await client.Transactions.AbortAsync(partitions[0], open[0], cancellation).ConfigureAwait(false);
        await terminal.Output.WriteLineAsync($"aborted the transaction of producer {open[0].ProducerId} in {partitions[0]}").ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>The transactional id whose open transaction it is: ending that in one partition alone would tear it apart.</summary>
    private static async Task<string?> OwnerAsync(KafkaClient client, PartitionProducer producer, CancellationToken cancellation)
    {
        foreach (var one in await client.Transactions.ListAsync(cancellation: cancellation).ConfigureAwait(false))
        {
            if (one.Get() is { } known && known.ProducerId == producer.ProducerId && known.State is Ongoing or "PrepareCommit" or "PrepareAbort") return known.Id;
        }

        return null;
    }
}
