using System.Globalization;
using System.Text;
using Moldau.Coordination.Deliveries;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>
/// Plays a scenario: a line an event; what comes of it stands below, indented, with the rows behind it. <c>x2</c> is a delivery
/// count, <c>&gt;</c> what a row becomes when it is stored, <c>~</c> what is stored behind.
/// </summary>
internal sealed class DeliveryPlayer
{
    private readonly StringBuilder _played = new();
    private SharePartitionMachine _machine;
    private DeliveryRules _rules = new() { LockDuration = 1000, DeliveryLimit = 5, MostOut = 2000, AllowsRenewal = true };
    private long _now;

    private DeliveryPlayer() => _machine = new SharePartitionMachine(() => _rules);

    public static string Play(string scenario)
    {
        var player = new DeliveryPlayer();
        foreach (var line in scenario.Split('\n'))
        {
            if (line.Length == 0 || line[0] == ' ') continue;
            player._played.Append(line).Append('\n');
            if (line[0] != '#') player.Step(line.Split(' '));
        }

        return player._played.ToString();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static (long First, long Last) Range(string text)
    {
        var at = text.IndexOf('-', StringComparison.Ordinal);
        return at < 0 ? (Number(text), Number(text)) : (Number(text[..at]), Number(text[(at + 1)..]));
    }

    private static string Name(DeliveryState state) => state switch
    {
        DeliveryState.Available => "free",
        DeliveryState.Acquired => "held",
        DeliveryState.Acknowledged => "acknowledged",
        DeliveryState.Archiving => "dead",
        _ => "archived",
    };

    /// <summary>rules LIMIT MOST [no] [delay FIRST LONGEST] [keys] [dead]; with no nothing may be renewed.</summary>
    private static DeliveryRules Rules(string[] words)
    {
        var delay = Array.IndexOf(words, "delay");
        return new DeliveryRules
        {
            LockDuration = 1000,
            DeliveryLimit = (int)Number(words[1]),
            MostOut = (int)Number(words[2]),
            AllowsRenewal = !words.Contains("no"),
            RetryDelay = delay < 0 ? 0 : (int)Number(words[delay + 1]),
            LongestRetryDelay = delay < 0 ? 0 : (int)Number(words[delay + 2]),
            KeepsKeyOrder = words.Contains("keys"),
            HasDeadLetters = words.Contains("dead"),
        };
    }

    private static string RangeOf(long first, long last) => first == last ? $"{first}" : $"{first}-{last}";

    private void Step(string[] words)
    {
        switch (words[0])
        {
            case "rules":
                _rules = Rules(words);
                return;
            case "begin":
                _machine = new SharePartitionMachine(() => _rules);
                _machine.Begin(Number(words[1]), words[2..].Select(Stored));
                break;
            case "fetch":
                Fetch(words);
                break;
            case "ack":
                var result = _machine.Acknowledge(words[1], [.. words[2..].Select(Said)], _now);
                Say(result.Message is { } message ? $"{result.Error}: {message}" : result.MustStore ? "when stored" : "at once");
                break;
            case "release":
                _machine.Release(words[1], _now);
                break;
            case "at":
                _now = Number(words[1]);
                _machine.Elapsed(_now);
                break;
            case "dead":
                var dead = new List<DeadRange>();
                _machine.CollectDead((int)Number(words[1]), dead);
                Say(dead.Count == 0 ? "none" : string.Join(' ', dead.Select(static range => $"{RangeOf(range.First, range.Last)}x{range.Count}:{range.Reason}")));
                break;
            case "buried":
                _machine.Buried(Range(words[1]).First, Range(words[1]).Last);
                break;
            case "unburied":
                _machine.Unburied(Range(words[1]).First, Range(words[1]).Last, Number(words[2]));
                break;
            case "log":
                _machine.StartMoved(Number(words[1]));
                break;
            case "write":
                Say(_machine.MustWrite ? Told(_machine.TakeWrite()) : "nothing to write");
                break;
            default:
                _machine.Stored(words[0] == "stored", _now);
                break;
        }

        Say(Rows());
    }

    private static StateChange Stored(string text)
    {
        var parts = text.Split(':');
        var (first, last) = Range(parts[0]);
        var state = parts[1] switch { "free" => DeliveryState.Available, "acknowledged" => DeliveryState.Acknowledged, "dead" => DeliveryState.Archiving, _ => DeliveryState.Archived };
        return new StateChange(first, last, state, (short)Number(parts[2]));
    }

    private static AcknowledgedRange Said(string text)
    {
        var parts = text.Split(':');
        var (first, last) = Range(parts[0]);
        return new AcknowledgedRange(first, last, [.. parts[1].Split(',').Select(static type => (sbyte)Number(type))]);
    }

    /// <summary>fetch MEMBER MAX [strict] [cut N] BATCH...; a batch with ! is given to nobody, one with =ab.a has these keys, a dot for none.</summary>
    private void Fetch(string[] words)
    {
        var (at, isStrict, cut) = (3, false, 500);
        if (words[at] == "strict") (at, isStrict) = (at + 1, true);
        if (words[at] == "cut") (at, cut) = (at + 2, (int)Number(words[at + 1]));
        var batches = words[at..].Select(static word => (Range: Range(word.TrimEnd('!').Split('=')[0]), Word: word))
            .Select(static batch => new ReadBatch(batch.Range.First, batch.Range.Last, batch.Word[^1] == '!')).ToArray();
        var (from, acquired) = (_machine.Next(), new List<AcquiredRange>());
        var count = _machine.Acquire(words[1], from, batches, new AcquireLimits((int)Number(words[2]), cut, isStrict), _now, acquired, batch => KeysIn(words[at + batch], batches[batch].First));
        Say($"from {from}: {count}{string.Concat(acquired.Select(static range => $" {RangeOf(range.First, range.Last)}x{range.Count}"))}");
    }

    private static List<RecordKey> KeysIn(string word, long first) =>
        [.. word.Split('=').ElementAtOrDefault(1)?.Select((key, i) => (key, i)).Where(static one => one.key != '.').Select(one => new RecordKey(first + one.i, one.key)) ?? []];

    private static string Told(StateWrite write) =>
        $"start {write.StartOffset} done {write.DoneCount}{string.Concat(write.Changes.Select(static change => $" {RangeOf(change.First, change.Last)}:{Name(change.State)}:{change.Count}"))}";

    private string Rows()
    {
        var text = new StringBuilder($"= {_machine.Start} to {_machine.End}, {_machine.InFlight} in flight, {(_machine.CanAcquire() ? $"next {_machine.Next()}" : "full")}");
        for (var i = 0; i < _machine.Rows.Count; i++)
        {
            var row = _machine.Rows[i];
            text.Append(i == 0 ? ": " : ", ").Append(RangeOf(row.First, row.Last)).Append(' ').Append(Name(row.State));
            if (!row.IsDone) text.Append(CultureInfo.InvariantCulture, $" x{row.Count}");
            if (row.Holder is { } holder) text.Append(CultureInfo.InvariantCulture, $" {holder} until {row.Deadline}");
            else if (row.Deadline > 0) text.Append(CultureInfo.InvariantCulture, $" from {row.Deadline}");
            if (row.Waits && !row.IsDone) text.Append(" waits");
            if (row.Change != StoringStep.None) text.Append(row.Change == StoringStep.Sent ? " >> " : " > ").Append(Name(row.Target));
            if (row.Behind != StoringStep.None) text.Append(row.Behind == StoringStep.Sent ? " ~~" : " ~");
        }

        return text.ToString();
    }

    private void Say(string text) => _played.Append("  ").Append(text).Append('\n');
}
