using System.Globalization;
using Moldau.Compatibility.Kafka;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Compatibility.Groups;

/// <summary>The hash of topics' metadata in a group's record is Kafka's: a log that moves between brokers bumps no epoch.</summary>
public class TopicHashesAgainstKafkaTests
{
    private const int Groups = 500;

    [Fact]
    public async Task They_are_Kafkas()
    {
        KafkaJars.Require();
        var chance = TestSeed.For(nameof(They_are_Kafkas));
        var groups = Enumerable.Range(0, Groups).Select(_ => Topics(chance)).ToList();

        var answers = await KafkaJars.RunAsync("hashes by Kafka", TimeSpan.FromMinutes(1), "TopicHashes", groups.Select(group => string.Join(' ', group.Select(Word))));

        for (var index = 0; index < groups.Count; index++)
        {
            var directory = new FewTopics(groups[index]);
            long[] ours = [.. groups[index].Select(TopicHash.Of), TopicHash.OfGroup([.. groups[index].Select(topic => topic.Name)], directory)];
            var theirs = answers[index].Split(' ');
            var different = Enumerable.Range(0, ours.Length).FirstOrDefault(at => ours[at].ToString(CultureInfo.InvariantCulture) != theirs[at], -1);
            Assert.True(different < 0, $"{TestSeed.Text}: {(different < groups[index].Count ? Word(groups[index][Math.Max(different, 0)]) : $"all {groups[index].Count}")}");
        }
    }

    private static List<TopicFacts> Topics(Random chance)
    {
        var topics = new List<TopicFacts>();
        for (var count = chance.Next(1, chance.Next(9) == 0 ? 200 : 12); count > 0; count--)
        {
            var racks = Enumerable.Range(0, chance.Next(1, chance.Next(5) == 0 ? 90 : 6)).Select(_ => Racks(chance)).ToList();
            var id = new Uuid((ulong)chance.NextInt64(), (ulong)chance.NextInt64());
            topics.Add(new TopicFacts(id, $"t{count}" + new string('x', chance.Next(20)), racks.Count, partition => racks[partition]));
        }

        return topics;
    }

    private static List<string> Racks(Random chance) => [.. Enumerable.Range(0, chance.Next(4) == 0 ? chance.Next(4) : 0).Select(_ => $"rack-{chance.Next(5)}")];

    private static string Word(TopicFacts topic) =>
        $"{topic.Id}/{topic.Name}/{string.Join(';', Enumerable.Range(0, topic.PartitionCount).Select(partition => string.Join(',', topic.RacksOf(partition))))}";

    private sealed class FewTopics(List<TopicFacts> topics) : ITopicDirectory
    {
        public long Revision => 1;

        public long NewestTopicRevision => 1;

        public IEnumerable<string> Names => topics.Select(topic => topic.Name);

        public TopicFacts? Find(string name) => topics.Find(topic => topic.Name == name);

        public TopicFacts? Find(Uuid id) => topics.Find(topic => topic.Id == id);
    }
}
