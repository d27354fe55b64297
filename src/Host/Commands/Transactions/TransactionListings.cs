using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Groups;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Transactions;

/// <summary>What can be asked about transactions.</summary>
internal static class TransactionListings
{
    public static Command List(Terminal terminal)
    {
        var states = new Option<string[]>("--state") { Description = "Only those in this state, such as Ongoing; several times for several", HelpName = "STATE" };
        var longer = new Option<double?>("--open-for") { Description = "Only those that have been open for longer", HelpName = "SECONDS" };
        var pattern = new Option<string?>("--matching") { Description = "Only transactional ids that match this regular expression as a whole", HelpName = "REGEX" };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists the transactional ids", states, longer, pattern, format).Does(async (client, parsed, cancellation) =>
        {
            TimeSpan? openFor = parsed.GetValue(longer) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            var transactions = await client.Transactions.ListAsync(parsed.GetValue(states), openFor, parsed.GetValue(pattern), cancellation).ConfigureAwait(false);
            var listing = new Listing(new("TRANSACTIONAL-ID", "transactionalId"), new("STATE", "state"), new("PRODUCER", "producer"), new("COORDINATOR", "coordinator"));
            foreach (var one in transactions)
            {
                if (one.Value is { } known) listing.Add(known.Id, known.State, known.ProducerId, known.Coordinator);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, transactions);
        });
    }

    public static Command Describe(Terminal terminal)
    {
        var ids = new Argument<string[]>("ID") { Description = "Transactional ids", Arity = ArgumentArity.OneOrMore };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "describe", "Shows transactional ids, their producers and what takes part in their transactions", ids, format).Does(async (client, parsed, cancellation) =>
        {
            var transactions = await client.Transactions.DescribeAsync(parsed.GetValue(ids)!, cancellation).ConfigureAwait(false);
            var listing = new Listing(
                new("TRANSACTIONAL-ID", "transactionalId"), new("STATE", "state"), new("PRODUCER", "producer"), new("EPOCH", "epoch"), new("SINCE", "since"), new("TIMEOUT-MS", "timeoutMs"),
                new("COORDINATOR", "coordinator") { IsWide = true }, new("PARTITIONS", "partitions"));
            foreach (var one in transactions)
            {
                if (one.Value is { } known) Add(listing, known);
            }

            if (listing.Count > 0) listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, transactions);
        });
    }

    private static void Add(Listing listing, TransactionDescription known) => listing.Add(
        known.Id, known.State, known.ProducerId, known.ProducerEpoch, known.Since?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
        (long)known.Timeout.TotalMilliseconds, known.Coordinator, known.Partitions.Count == 0 ? null : GroupArguments.Text(known.Partitions));
}
