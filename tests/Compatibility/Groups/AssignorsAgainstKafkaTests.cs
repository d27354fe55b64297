using Moldau.Compatibility.Kafka;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Compatibility.Groups;

/// <summary>The server's assignors decide as Kafka's do, to the order in which they write partitions down.</summary>
public class AssignorsAgainstKafkaTests
{
    private const int Groups = 400;
    private const int Changes = 6;

    private static readonly IAssignor[] Assignors = [new UniformAssignor(), new RangeAssignor(), new SimpleAssignor()];

    [Fact]
    public async Task They_decide_as_Kafkas_do()
    {
        KafkaJars.Require();
        var chance = TestSeed.For(nameof(They_decide_as_Kafkas_do));
        var asked = new List<(string Line, string Answer)>();
        for (var group = 0; group < Groups; group++)
        {
            foreach (var assignor in Assignors) Live(chance, assignor, asked);
        }

        var answers = await KafkaJars.RunAsync("assignments by Kafka", TimeSpan.FromMinutes(2), "Assignors", asked.Select(pair => pair.Line));

        Assert.Equal(asked.Count, answers.Count);
        var differences = asked.Zip(answers).Where(pair => pair.First.Answer != pair.Second).ToList();
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} of {asked.Count} differ:\n" +
            string.Join("\n", differences.Take(3).Select(pair => $"{pair.First.Line}\n ours   {pair.First.Answer}\n Kafkas {pair.Second}")));
    }

    // A group's life: each assignment stands on the last one.
    private static void Live(Random chance, IAssignor assignor, List<(string Line, string Answer)> asked)
    {
        var topics = Enumerable.Range(0, chance.Next(1, 9)).Select(_ => (Id: NewId(chance), Partitions: chance.Next(1, chance.Next(3) == 0 ? 70 : 12))).ToList();
        var isHomogeneous = chance.Next(2) == 0;
        var members = new List<AssignorMember>();
        for (var change = 0; change < Changes; change++)
        {
            if (members.Count > 1 && chance.Next(3) == 0) members.RemoveAt(chance.Next(members.Count));
            for (var joining = chance.Next(members.Count == 0 ? 1 : 0, chance.Next(8) == 0 ? 60 : 6); joining > 0; joining--)
                members.Add(new AssignorMember(NewId(chance).ToString(), chance.Next(4) == 0 ? $"i{chance.Next(1000)}-{members.Count}" : null, Some(chance, topics), Assignment.Empty));
            if (chance.Next(3) == 0)
            {
                var grown = chance.Next(topics.Count);
                topics[grown] = (topics[grown].Id, topics[grown].Partitions + chance.Next(1, 9));
            }

            if (isHomogeneous)
            {
                var all = Some(chance, topics);
                members = [.. members.Select(member => member with { Topics = all })];
            }
            else if (chance.Next(2) == 0)
            {
                var changed = chance.Next(members.Count);
                members[changed] = members[changed] with { Topics = Some(chance, topics) };
            }

            var group = AssignorCase.Of([.. topics], [.. members]);
            var assigned = group.Assign(assignor);
            asked.Add((group.Line(assignor), group.Answer(assigned)));
            members = [.. members.Select(member => member with { Assignment = Stored(assigned, member.Id) })];
        }
    }

    private static Assignment Stored(IReadOnlyDictionary<string, Assignment> assigned, string member) =>
        assigned.TryGetValue(member, out var assignment)
            ? Assignment.Stored(assignment.Topics.Select(topic => new KeyValuePair<Uuid, IReadOnlyList<int>>(topic.Key, topic.Value)))
            : Assignment.Empty;

    private static HashSet<Uuid> Some(Random chance, List<(Uuid Id, int Partitions)> topics)
    {
        var some = topics.Where(_ => chance.Next(3) > 0).Select(topic => topic.Id).ToHashSet();
        return some.Count > 0 || chance.Next(10) == 0 ? some : [topics[chance.Next(topics.Count)].Id];
    }

    private static Uuid NewId(Random chance)
    {
        // An id that begins with a hyphen is never given.
        var high = (ulong)chance.NextInt64() | (chance.Next(2) == 0 ? 1UL << 63 : 0);
        return high >> 58 == 62 ? NewId(chance) : new Uuid(high, (ulong)chance.NextInt64() ^ ((ulong)chance.Next(2) << 63));
    }
}
