using System.CommandLine;
using System.Globalization;
using Moldau.Client;
using Moldau.Client.DeadLetters;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Queues;

/// <summary><c>moldau queue replay</c>: dead letters sent back where they came from: a plan first, then the deed.</summary>
internal static class DeadLetterReplaying
{
    public static Command Create(Terminal terminal)
    {
        var options = new DeadLetterOptions();
        var to = new Option<string?>("--to") { Description = "Send them to this topic rather than to where they came from", HelpName = "TOPIC" };
        var again = new Option<bool>("--again") { Description = "Those that were sent back already too" };
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "replay", "Sends a queue's dead letters back, each once", options.Queue, options.Topic, options.Origin, options.Only, to, again, yes).Does(async (client, parsed, cancellation) =>
        {
            var query = options.Query(parsed, parsed.GetValue(again));
            var topic = await options.TopicAsync(client, parsed, cancellation).ConfigureAwait(false);
            var plan = await client.DeadLetters.PlanAsync(topic, query, cancellation).ConfigureAwait(false);
            var letters = plan.Letters.Values.Sum();
            if (letters == 0)
            {
                await terminal.Output.WriteLineAsync($"{topic} has no letters of queue {query.Group} to send back").ConfigureAwait(false);
                return ExitCode.Done;
            }

            var target = parsed.GetValue(to);
            foreach (var (origin, count) in plan.Letters.OrderBy(static one => one.Key.Topic, StringComparer.Ordinal).ThenBy(static one => one.Key.Partition))
                await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"to send: {Letters(count)} of {origin} to {target ?? origin.ToString()}")).ConfigureAwait(false);
            if (!Consent.Get(terminal, parsed.GetValue(yes), string.Create(CultureInfo.InvariantCulture, $"Send {Letters(letters)} back? Every group that reads there will have them again."))) return ExitCode.Failed;
            return await SendAsync(terminal, client.DeadLetters, plan, target, cancellation).ConfigureAwait(false);
        });
    }

    private static async Task<int> SendAsync(Terminal terminal, DeadLetterAdmin letters, DeadLetterPlan plan, string? to, CancellationToken cancellation)
    {
        ReplayResult result;
        try
        {
            result = await letters.ReplayAsync(plan, to, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException)
        {
            await terminal.Error.WriteLineAsync("moldau: it stopped at what follows: letters that were sent are marked so, and those that were not are sent by the next replay; --only sends single ones").ConfigureAwait(false);
            throw;
        }

        await terminal.Output.WriteLineAsync($"sent {Letters(result.Sent)} back").ConfigureAwait(false);
        foreach (var letter in result.Gone)
            await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"moldau: {letter.Where}@{letter.Offset} has no copy, and its record is no longer in {letter.Origin} at offset {letter.OriginOffset}")).ConfigureAwait(false);
        return result.Gone.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Letters(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} letter{(count == 1 ? "" : "s")}");
}
