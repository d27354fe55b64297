using Moldau.Protocol.Records;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>One log in a simulation, with what is known of it, and all that can be done to it.</summary>
internal sealed class SimulatedLog(SimulatedTopic topic, Random chance, Func<long> now)
{
    private readonly BatchMaker _maker = new(topic, chance, now);
    private LogPicture _picture = new();
    private long _nextProducer = 1;
    private int _coordinatorEpoch;
    private int _followedEpoch;
    private int _losses;

    public SimulatedTopic Topic { get; } = topic;

    public LogModel Model { get; } = new(topic.Name);

    /// <summary>As this process has it.</summary>
    public PartitionLog Log { get; private set; } = null!;

    /// <summary>Whether this process could open it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The leader's epoch; null where it could not be written down.</summary>
    public int? Epoch { get; set; }

    /// <summary>Its writer is in the middle of something.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>It is being cut, or that failed: what can be read is old or new.</summary>
    public bool IsChanging { get; private set; }

    /// <summary>The log was opened, and holds what the model says.</summary>
    public void Opened(PartitionLog log)
    {
        Log = log;
        IsOpen = true;
        (IsBusy, IsChanging) = (false, false);
        _picture = LogPicture.Of(Model.Batches);
        // The leader may have stayed, where everything it sent is still here.
        var goesOn = Model.Losses == _losses && chance.Next(2) == 0;
        if (!goesOn) _followedEpoch++;
        _losses = Model.Losses;
    }

    /// <summary>Whether the last process had it open and closed it in order.</summary>
    public bool WasClosed { get; private set; }

    /// <summary>The process has ended.</summary>
    public void Closed(bool inOrder) => (WasClosed, IsOpen) = (inOrder && IsOpen, false);

    /// <summary>What a tick does for it, on whatever thread its writer is.</summary>
    public void KeepHouse()
    {
        if (IsBusy || IsChanging) return;
        IsBusy = true;
        Log.KeepHouse();
        IsBusy = false;
    }

    /// <summary>Takes what the log says to be durable for a promise.</summary>
    public void Observe()
    {
        if (IsChanging || !IsOpen) return;
        Model.Promise(Topic.Settings.Durability == LogDurability.Fsync ? Math.Max(Log.FlushedOffset, Log.DurableOffset) : Log.FlushedOffset);
        if (Log.RecoveryPoint > Log.FlushedOffset) throw new BrokenGuaranteeException($"{Topic.Name}: recovery point {Log.RecoveryPoint}, and is on disk up to {Log.FlushedOffset}");
        if (Log.DurableOffset > Log.EndOffset) throw new BrokenGuaranteeException($"{Topic.Name}: durable up to {Log.DurableOffset}, and ends at {Log.EndOffset}");
    }

    /// <summary>Does one thing as the log's writer.</summary>
    /// <returns>What it did.</returns>
    public string Act()
    {
        // Broken in the middle of a cut: it takes nothing any more.
        if (IsChanging) return "nothing";
        IsBusy = true;
        var did = chance.Next(100) switch
        {
            < 70 => Append(),
            < 74 => Do("roll", Log.Roll),
            < 78 => Do("checkpoint", () => Log.TryCheckpoint()),
            < 86 => Do("house kept", Log.KeepHouse),
            < 90 => Expire(),
            < 93 => MoveStart(),
            < 98 => Topic.IsFollower ? Cut() : Append(),
            _ => Topic.IsFollower ? BeginAnew() : Append(),
        };
        IsBusy = false;
        return did;
    }

    /// <summary>The disk refused. A cut that was under way may be made or not, until the log is opened again.</summary>
    public void Failed() => IsBusy = false;

    private static string Do(string what, Action action)
    {
        action();
        return what;
    }

    private string Append()
    {
        var producer = Producer();
        if (producer is { Begin: not null } && chance.Next(3) == 0) return EndTransaction(producer);
        if (producer is { Last: not null } && !Topic.IsFollower && chance.Next(8) == 0) return Repeat(producer);
        if (chance.Next(4) == 0) return Give(_maker.Data(ProducerIdentity.None, false), "plain");
        var id = producer?.Id ?? _nextProducer++;
        var isTransactional = id % 2 == 0;
        var identity = new ProducerIdentity(id, producer?.Epoch ?? 0, producer?.NextSequence ?? 0);
        return Give(_maker.Data(identity, isTransactional), isTransactional ? "transactional" : "idempotent");
    }

    /// <summary>Some producer that nobody can have forgotten; null for a new one.</summary>
    private ProducerPicture? Producer()
    {
        if (_picture.Producers.Count == 0 || chance.Next(5) == 0) return null;
        var producer = _picture.Producers.Values.ElementAt(chance.Next(_picture.Producers.Count));
        var oldest = producer.Last?.LastOffset ?? producer.LastOffset;
        return oldest < Math.Max(Model.ForgottenBelow, Log.StartOffset) ? null : producer;
    }

    private string EndTransaction(ProducerPicture producer)
    {
        var isAbort = chance.Next(2) == 0;
        var bumps = chance.Next(2) == 0;
        if (chance.Next(10) == 0) _coordinatorEpoch++;
        var coordinator = Math.Max(_coordinatorEpoch, producer.CoordinatorEpoch);
        var bytes = _maker.Marker(producer.Id, (short)(producer.Epoch + (bumps ? 1 : 0)), isAbort, coordinator);
        return Give(bytes, isAbort ? "abort" : "commit", isMarker: true, bumps);
    }

    private string Repeat(ProducerPicture producer)
    {
        var last = producer.Last!;
        if (last.LastOffset < Log.StartOffset || Epoch is not { } epoch) return "nothing";
        var result = Log.Append(last.Bytes.ToArray(), epoch);
        if (result.Outcome == AppendOutcome.Offline) return "offline";
        if (result.Outcome != AppendOutcome.Duplicate || result.BaseOffset != last.BaseOffset)
            throw new BrokenGuaranteeException($"{Topic.Name}: the batch at {last.BaseOffset} again is {result}");
        return "duplicate";
    }

    private string Give(byte[] bytes, string kind, bool isMarker = false, bool bumps = false)
    {
        if (Topic.IsFollower && chance.Next(12) == 0) _followedEpoch++;
        if ((Topic.IsFollower ? _followedEpoch : Epoch) is not { } epoch) return "nothing";
        var patched = bytes.ToArray();
        BatchPatch.SetOffsetAndEpoch(patched, Model.End, epoch);
        var batch = Model.Attempt(patched);
        var result = Topic.IsFollower ? Log.AppendAsFollower(patched)
            : isMarker ? Log.AppendMarker(bytes, epoch, bumps)
            : Log.Append(bytes, epoch, AppendOrigin.Client, Ticket(batch));
        switch (result.Outcome)
        {
            case AppendOutcome.Appended when result.BaseOffset == batch.BaseOffset && result.LastOffset == batch.LastOffset:
                Model.Took(batch);
                _picture.Add(batch);
                return kind;
            case AppendOutcome.TooLarge when bytes.Length > Topic.Settings.SegmentBytes:
                Model.Refused(batch);
                return "too large";
            case AppendOutcome.DiskFull or AppendOutcome.DiskFailed or AppendOutcome.Offline:
                return result.Outcome.ToString();
            default:
                throw new BrokenGuaranteeException($"{Topic.Name}: a batch for {batch.BaseOffset} is {result}");
        }
    }

    private VerificationGuard Ticket(WrittenBatch batch)
    {
        VerificationGuard guard = default;
        if (batch.Produced.IsTransactional) Log.Producers.BeginVerification(batch.Produced.ProducerId, batch.Produced.Epoch, batch.Produced.BaseSequence, false, now(), out guard);
        return guard;
    }

    private string Expire()
    {
        try
        {
            return Log.RemoveExpired(Log.DurableOffset) > 0 ? "expired" : "nothing expired";
        }
        finally
        {
            Model.MovedStart(Log.StartOffset);
        }
    }

    private string MoveStart()
    {
        if (Log.DurableOffset <= Log.StartOffset) return "nothing";
        var start = chance.NextInt64(Log.StartOffset, Log.DurableOffset + 1);
        // Never into the batch at the end: a follower that is cut there would end below its start.
        Log.MoveStart(start);
        Model.MovedStart(start);
        return "start moved";
    }

    private string Cut()
    {
        if (Log.Fault is not null || Model.End <= Model.Start) return "nothing";
        var offset = Math.Max(Model.Start, Model.End - chance.Next(chance.Next(4) == 0 ? 100 : 12));
        var end = Model.Batches.Find(batch => batch.LastOffset >= offset)?.BaseOffset ?? Model.End;
        // Who is told to cut below its start begins anew.
        if (end < Model.Start || offset >= Model.End) return "nothing";
        Model.Cutting(end);
        IsChanging = true;
        Log.TruncateTo(offset);
        IsChanging = false;
        Model.Cut(offset);
        Changed();
        return "cut";
    }

    private string BeginAnew()
    {
        if (Log.Fault is not null) return "nothing";
        var offset = Model.End + chance.Next(100);
        Model.Beginning(offset);
        IsChanging = true;
        Log.StartAt(offset);
        IsChanging = false;
        Model.BeganAt(offset);
        Changed();
        return "begun anew";
    }

    private void Changed()
    {
        _picture = LogPicture.Of(Model.Batches);
        _followedEpoch++;
    }
}
