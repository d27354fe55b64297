using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Coordination.Scenarios;
using Xunit;

namespace Moldau.Unit.Coordination.ShareStates;

public class PruningTests
{
    private const int Partitions = 4;
    private static readonly ShareStateRules Rules = new() { UpdatesPerSnapshot = 3, ColdSnapshotInterval = 50 };

    /// <summary>What is cut off was needed by nobody: a load from there on knows what a load of everything does.</summary>
    [Fact]
    public void A_load_from_the_first_needed_offset_knows_everything()
    {
        var cut = 0L;
        for (var seed = 0; seed < 100; seed++)
        {
            var chance = new Random(seed);
            var topics = new ScenarioTopics();
            topics.Set("t", Partitions);
            var log = new List<(IMessage Key, IMessage? Value)>();
            var machine = new ShareStateMachine(static () => Rules, () => topics);
            machine.Undo.IsOn = true;
            var outcome = new Outcome(machine);
            for (var now = 1L; now < 200; now++)
            {
                outcome.Begin(now);
                Any(machine, outcome, chance, topics.IdOf("t"));
                foreach (var record in outcome.Records)
                {
                    machine.Stands(record.Key, record.Value is null, log.Count);
                    log.Add((record.Key, record.Value));
                }
            }

            cut += machine.FirstNeeded;
            Assert.Equal(Known(log, 0, topics), Known(log, machine.FirstNeeded, topics));
        }

        Assert.True(cut > 0, "nothing was ever cut off");
    }

    private static void Any(ShareStateMachine machine, Outcome outcome, Random chance, Uuid topic)
    {
        var key = new SharePartitionKey("g", topic, chance.Next(Partitions));
        switch (chance.Next(12))
        {
            case 0:
                machine.Initialize(key, new InitializeShareGroupStateRequest.PartitionState { StateEpoch = chance.Next(3), StartOffset = chance.Next(10) }, new(), outcome);
                break;
            case 1 when chance.Next(4) == 0:
                machine.Delete(key, new(), outcome);
                break;
            case 2:
                machine.Elapsed(new ShardTimer("cold-snapshots", ""), outcome);
                break;
            case 3:
                machine.Read(key, new ReadShareGroupStateRequest.PartitionQuery { LeaderEpoch = chance.Next(5) }, new(), outcome);
                break;
            default:
                var first = chance.Next(40);
                var asked = new WriteShareGroupStateRequest.PartitionState { LeaderEpoch = -1, StateEpoch = -1, StartOffset = chance.Next(3) == 0 ? first : -1 };
                asked.StateBatches.Add(new() { FirstOffset = first, LastOffset = first + chance.Next(5), DeliveryState = 2, DeliveryCount = (short)chance.Next(1, 5) });
                machine.Write(key, asked, new(), outcome);
                break;
        }
    }

    private static string Known(List<(IMessage Key, IMessage? Value)> log, long from, ScenarioTopics topics)
    {
        var machine = new ShareStateMachine(static () => Rules, () => topics);
        for (var offset = (int)from; offset < log.Count; offset++) machine.Replay(log[offset].Key, log[offset].Value, null);
        var known = new List<string>();
        var outcome = new Outcome(machine);
        for (var partition = 0; partition < Partitions; partition++)
        {
            var read = new ReadShareGroupStateResponse.PartitionResult();
            outcome.Begin(1);
            machine.Read(new SharePartitionKey("g", topics.IdOf("t"), partition), new ReadShareGroupStateRequest.PartitionQuery { LeaderEpoch = -1 }, read, outcome);
            known.Add(read.ErrorCode == ErrorCode.None ? MessageWords.Of(new ReadShareGroupStateResponse { Results = [new() { Partitions = [read] }] }) : "none");
        }

        return string.Join('\n', known);
    }
}
