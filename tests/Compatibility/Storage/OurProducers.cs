using System.Globalization;
using System.Text;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Producers;

namespace Moldau.Compatibility.Storage;

/// <summary>Our states of producers behind the steps of <c>java/Producers.java</c>, which says what they are.</summary>
internal sealed class OurProducers
{
    private const string Folder = "log";

    private readonly List<VerificationGuard> _guards = [];
    private MemoryFileSystem _disk = new();
    private long _expiration;

    public ProducerStates States { get; private set; } = new();

    public ProducerSnapshotFiles? Snapshots { get; private set; }

    /// <summary>The break: data of this producer is decided over, but then forgotten.</summary>
    public long Forgets { get; init; } = -1;

    /// <summary>Each decision, and how often it was made: rules that never speak were not compared.</summary>
    public Dictionary<ProducerOutcome, int> Decisions { get; } = [];

    public string Step(string line)
    {
        var words = line.Split(' ');
        return Decide(words) + "|" + Describe();
    }

    private string Decide(string[] words)
    {
        switch (words[0])
        {
            case "new": Begin(Number(words[1])); break;
            case "data": return Data(words);
            case "end": return End(words);
            case "verify": return Verify(words);
            case "snap":
                return Snapshots!.Take(States) ? Convert.ToBase64String(Bytes(States.EndOffset)) : "none";
            case "advance": States.AdvanceTo(Number(words[1])); break;
            case "hw": States.HighWatermarkMoved(Number(words[1])); break;
            case "start": Snapshots!.LogStartMoved(States, Number(words[1])); break;
            case "expire": States.RemoveExpired(Number(words[1]), _expiration); break;
            case "reload": Snapshots!.Reload(States, Number(words[1]), Number(words[2]), Number(words[3]), _expiration); break;
            case "restart": Snapshots!.StartAt(States, Number(words[1])); break;
            case "damage": Damage(Number(words[1])); break;
            default: throw new ArgumentException(words[0]);
        }

        return "done";
    }

    private void Begin(long expiration)
    {
        _expiration = expiration;
        _disk = new MemoryFileSystem();
        _disk.CreateFolder(Folder);
        _guards.Clear();
        States = new ProducerStates();
        Snapshots = new ProducerSnapshotFiles(_disk, Folder);
    }

    private string Data(string[] words)
    {
        var (sequence, count, offset) = ((int)Number(words[4]), (int)Number(words[5]), Number(words[6]));
        var last = sequence < 0 ? sequence : (int)(((long)sequence + count - 1) & int.MaxValue);
        var batch = new ProducedBatch(
            Number(words[2]), (short)Number(words[3]), sequence, last, offset, offset + count - 1, Number(words[7]), words[8] == "true");
        if (words[1] != "REPLICATION")
        {
            var origin = words[1] == "CLIENT" ? AppendOrigin.Client : AppendOrigin.Coordinator;
            var guard = words[9] == "-1" ? VerificationGuard.None : _guards[(int)Number(words[9])];
            var check = Count(States.Check(batch, origin, guard));
            if (check.IsDuplicate) return $"duplicate {check.Earlier.BaseOffset} {check.Earlier.LastOffset} {check.Earlier.Timestamp}";
            if (!check.IsNew) return $"refused {(int)check.Error}";
        }

        if (batch.ProducerId != Forgets) States.Apply(batch);
        States.AdvanceTo(batch.LastOffset + 1);
        return "new";
    }

    private string End(string[] words)
    {
        var end = new TransactionEnd(
            Number(words[2]), (short)Number(words[3]), Number(words[6]), Number(words[7]), words[4] == "ABORT", (int)Number(words[5]));
        if (words[1] != "REPLICATION")
        {
            var check = Count(States.Check(end, bumpsEpoch: words[8] == "2"));
            if (!check.IsNew) return $"refused {(int)check.Error}";
        }

        var completed = States.Apply(end);
        States.AdvanceTo(end.Offset + 1);
        return completed is { } done ? $"completed {done.FirstOffset} {done.LastOffset} {(done.IsAborted ? "true" : "false")} {done.LastStableOffset}" : "new";
    }

    private string Verify(string[] words)
    {
        var check = States.BeginVerification(
            Number(words[1]), (short)Number(words[2]), (int)Number(words[3]), words[4] == "true", Number(words[5]), out var guard);
        if (!check.IsNew) return $"refused {(int)check.Error}";
        if (guard.IsNone) return "none";
        if (!_guards.Contains(guard)) _guards.Add(guard);
        return _guards.IndexOf(guard).ToString(CultureInfo.InvariantCulture);
    }

    private ProducerCheck Count(ProducerCheck check)
    {
        Decisions[check.Outcome] = Decisions.GetValueOrDefault(check.Outcome) + 1;
        return check;
    }

    private byte[] Bytes(long offset)
    {
        using var file = _disk.Open(Folder + "/" + ProducerSnapshotFiles.NameOf(offset), OpenMode.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private void Damage(long offset)
    {
        var bytes = Bytes(offset);
        using var file = _disk.Open(Folder + "/" + ProducerSnapshotFiles.NameOf(offset), OpenMode.Existing);
        file.Write(bytes.Length - 1, [(byte)(bytes[^1] ^ 1)]);
    }

    private string Describe()
    {
        var text = new StringBuilder();
        var newest = Snapshots is { Offsets: [.., var last] } ? last : -1;
        text.Append(States.FirstUnstableOffset?.ToString(CultureInfo.InvariantCulture) ?? "-").Append(' ')
            .Append(States.FirstUndecidedOffset?.ToString(CultureInfo.InvariantCulture) ?? "-").Append(' ')
            .Append(States.EndOffset).Append(' ').Append(newest);
        foreach (var producer in States.Producers.OrderBy(producer => producer.ProducerId))
        {
            text.Append(' ').AppendJoin(
                ',', producer.ProducerId, producer.Epoch, producer.CoordinatorEpoch, producer.LastTimestamp, producer.TransactionOffset);
            for (var i = 0; i < producer.BatchCount; i++)
            {
                var batch = producer.BatchAt(i);
                text.Append(';').AppendJoin(':', batch.BaseSequence, batch.LastSequence, batch.BaseOffset, batch.LastOffset, batch.Timestamp);
            }
        }

        return text.ToString();
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
