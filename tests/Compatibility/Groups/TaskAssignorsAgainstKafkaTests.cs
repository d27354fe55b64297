using System.Globalization;
using Moldau.Compatibility.Kafka;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Groups.Streams.Assigning;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Compatibility.Groups;

/// <summary>Tasks of streams groups are given to whom Kafka's assignor gives them, over the lives of random groups; and what must hold of any assignment holds.</summary>
public class TaskAssignorsAgainstKafkaTests
{
    private const int Groups = 500;
    private const int Changes = 6;

    [Fact]
    public async Task They_decide_as_Kafkas_does()
    {
        KafkaJars.Require();
        var chance = TestSeed.For(nameof(They_decide_as_Kafkas_does));
        var asked = new List<(string Line, string Answer)>();
        for (var group = 0; group < Groups; group++) Live(chance, asked);

        var answers = await KafkaJars.RunAsync("assignments by Kafka", TimeSpan.FromMinutes(2), "TaskAssignors", asked.Select(pair => pair.Line));

        Assert.Equal(asked.Count, answers.Count);
        var differences = asked.Zip(answers).Where(pair => pair.First.Answer != pair.Second).ToList();
        Assert.True(differences.Count == 0, $"{TestSeed.Text}: {differences.Count} of {asked.Count} differ:\n" +
            string.Join("\n", differences.Take(3).Select(pair => $"{pair.First.Line}\n ours   {pair.First.Answer}\n Kafkas {pair.Second}")));
    }

    /// <summary>Without Kafka: what its decisions have in common.</summary>
    [Fact]
    public void Every_task_is_active_once_and_its_copies_are_elsewhere()
    {
        var chance = TestSeed.For(nameof(Every_task_is_active_once_and_its_copies_are_elsewhere));
        for (var group = 0; group < Groups; group++) Live(chance, []);
    }

    // A group's life: each assignment stands on the last one.
    private static void Live(Random chance, List<(string Line, string Answer)> asked)
    {
        TaskPart[] parts = [.. Enumerable.Range(0, chance.Next(1, 5)).Select(number => new TaskPart(number.ToString(CultureInfo.InvariantCulture), chance.Next(1, chance.Next(4) == 0 ? 40 : 8), chance.Next(2) == 0))];
        var processes = Enumerable.Range(0, chance.Next(1, 8)).Select(_ => NewId(chance)).ToArray();
        var joined = new List<TaskMember>();
        for (var change = 0; change < Changes; change++)
        {
            if (joined.Count > 1 && chance.Next(3) == 0) joined.RemoveAt(chance.Next(joined.Count));
            for (var more = chance.Next(0, chance.Next(6) == 0 ? 30 : 3); more > 0; more--) joined.Add(New(chance, processes));
            // One speaks, and may be new.
            var speaks = joined.Count == 0 || chance.Next(2) == 0 ? New(chance, processes) : joined[chance.Next(joined.Count)];
            var replicas = chance.Next(3);
            var members = MemberOrder.Of([.. joined.Select(static member => member.Id)], speaks.Id).Select(id => joined.Find(member => member.Id == id) ?? speaks).ToArray();
            var assigned = new StickyTaskAssignor(members, parts, replicas).Assign();
            Check(members, parts, replicas, assigned);
            asked.Add((Line(joined, speaks, parts, replicas), Answer(assigned)));
            if (!joined.Contains(speaks)) joined.Add(speaks);
            joined = [.. joined.Select(member => member with { Last = assigned[member.Id] })];
        }
    }

    private static void Check(TaskMember[] members, TaskPart[] parts, int replicas, Dictionary<string, MemberTasks> assigned)
    {
        var all = parts.SelectMany(static part => Enumerable.Range(0, part.TaskCount).Select(number => new TaskId(part.Subtopology, number))).Order().ToList();
        Assert.Equal(all, assigned.Values.SelectMany(static tasks => tasks.Active.Ids).Order());
        var most = (all.Count + members.Length - 1) / members.Length;
        var processes = members.Select(static member => member.Process).Distinct().Count();
        // Processes are loaded alike, and so are the members of one: one more than a fair share comes of dividing twice.
        Assert.All(assigned.Values, tasks => Assert.InRange(tasks.Active.Count, 0, most + 1));
        foreach (var process in members.GroupBy(static member => member.Process))
        {
            var held = process.SelectMany(member => assigned[member.Id].Active.Ids.Concat(assigned[member.Id].Standby.Ids)).ToList();
            Assert.Equal(held.Count, held.Distinct().Count());
        }

        foreach (var part in parts)
        {
            var copies = assigned.Values.Sum(tasks => tasks.Standby.Ids.Count(task => task.Subtopology == part.Subtopology));
            Assert.Equal(part.HasState ? part.TaskCount * Math.Min(replicas, processes - 1) : 0, copies);
        }
    }

    private static string Line(List<TaskMember> joined, TaskMember speaks, TaskPart[] parts, int replicas)
    {
        var told = string.Join(',', parts.Select(static part => $"{part.Subtopology}={part.TaskCount}{(part.HasState ? "*" : "")}"));
        return $"{replicas} {told} {string.Join(' ', joined.Append(speaks).Select(static member => $"{member.Id}/{member.Process}/{Text(member.Last.Active)}/{Text(member.Last.Standby)}"))}";
    }

    private static string Answer(Dictionary<string, MemberTasks> assigned) =>
        string.Concat(assigned.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key}/{Text(entry.Value.Active)}/{Text(entry.Value.Standby)} "));

    private static string Text(TaskSet tasks) => string.Join(',', tasks.Ids);

    private static TaskMember New(Random chance, string[] processes) => new(NewId(chance), processes[chance.Next(processes.Length)], MemberTasks.Empty);

    private static string NewId(Random chance) => new Uuid((ulong)chance.NextInt64(), (ulong)chance.NextInt64()).ToString();
}
