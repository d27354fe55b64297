using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Members of groups, many of them: what they cost while nothing happens, and how long they take to agree.</summary>
internal static class GroupRows
{
    private const int Groups = 1000;
    private const int MembersEach = 10;
    private const int Many = 10_000;
    private const int PartitionsOfMany = 1000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NewPause = TimeSpan.FromSeconds(5);

    // At Kafka's five seconds the waiting would be all that is measured.
    private static readonly TimeSpan HastyPause = TimeSpan.FromSeconds(1);

    public static IEnumerable<RaceRow> All() => [ClassicBeats(), NewBeats(), ClassicJoins(), NewJoins()];

    private static RaceRow ClassicBeats()
    {
        var members = new Dictionary<ContenderKind, ClassicMembers>();
        return Beats($"groups: {Groups:N0} of {MembersEach} classic members", (contender, turn) => Awake(contender, members[contender.Kind], crowd => crowd.Beat(turn))) with
        {
            Prepare = contender =>
            {
                var crowd = members[contender.Kind] = new ClassicMembers(contender.Port, "classic", Turns.Topic, Groups, MembersEach);
                crowd.Agree();
                crowd.Rest();
            },
            CleanUp = contender => End(members[contender.Kind]),
        };
    }

    private static RaceRow NewBeats()
    {
        var members = new Dictionary<ContenderKind, ConsumerMembers>();
        return Beats($"groups: {Groups:N0} of {MembersEach} members, KIP-848", (contender, turn) => Awake(contender, members[contender.Kind], crowd => crowd.Beat(turn, NewPause))) with
        {
            Prepare = contender =>
            {
                Topics.Create(contender, Turns.Topic, MembersEach, isFlushed: true);
                var crowd = members[contender.Kind] = new ConsumerMembers(contender.Port, "new", Turns.Topic, MembersEach, Groups, MembersEach);
                crowd.Agree(HastyPause);
                crowd.Rest();
            },
            CleanUp = contender =>
            {
                End(members[contender.Kind]);
                Topics.Delete(contender, Turns.Topic);
            },
        };
    }

    private static RaceRow ClassicJoins()
    {
        var turns = 0;
        return Joins($"groups: {Many:N0} classic members join one", contender =>
        {
            using var crowd = new ClassicMembers(contender.Port, $"many-{turns++}", Turns.Topic, groups: 1, Many);
            var sample = new RaceSample { [Metric.Agreed] = crowd.Agree(), [Metric.AgreedAgain] = crowd.AgreeAgain(1) };
            crowd.Leave();
            return sample;
        }) with
        {
            Goals = [new RaceGoal(Metric.Agreed, 1), new RaceGoal(Metric.AgreedAgain, 1)],
            Prepare = static contender => Topics.AllowLargeGroups(contender),
            Note = "first when the group is new and waits three seconds for others, then when all join anew",
        };
    }

    private static RaceRow NewJoins()
    {
        var turns = 0;
        return Joins($"groups: {Many:N0} members join one, KIP-848", contender =>
        {
            using var crowd = new ConsumerMembers(contender.Port, $"many-new-{turns++}", Turns.Topic, PartitionsOfMany, groups: 1, Many);
            var sample = new RaceSample { [Metric.Agreed] = crowd.Agree(HastyPause) };
            crowd.Leave();
            return sample;
        }) with
        {
            Goals = [new RaceGoal(Metric.Agreed, 1)],
            Prepare = static contender => Topics.Create(contender, Turns.Topic, PartitionsOfMany, isFlushed: true),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Note = $"{PartitionsOfMany:N0} partitions; each speaks every second",
        };
    }

    private static RaceRow Beats(string name, Func<Contender, TimeSpan, RaceSample> beat) =>
        new(name, ContenderKind.Kafka, beat, new RaceGoal(Metric.CpuShare, Value: 0.1), new RaceGoal(Metric.OperationsPerSecond))
        {
            Turn = TimeSpan.FromSeconds(6),
            WarmUp = TimeSpan.FromSeconds(12),
            Note = "a connection each",
        };

    // Two turns alike, whatever they took, are what it is warmed up by.
    private static RaceRow Joins(string name, Func<Contender, RaceSample> join) => new(name, ContenderKind.Kafka, (contender, _) =>
    {
        var sample = join(contender);
        sample[Metric.RecordsPerSecond] = 1;
        return sample;
    });

    /// <summary>What is counted are no records.</summary>
    public static RaceSample Counted(Contender contender, Func<LoadResult> load)
    {
        var sample = Turns.Counted(contender, load);
        sample[Metric.OperationsPerSecond] = sample[Metric.RecordsPerSecond];
        return sample;
    }

    private static RaceSample Awake<T>(Contender contender, T members, Func<T, LoadResult> beat)
        where T : ILoadMembers
    {
        members.Wake();
        // What ten thousand new connections cost is not looked at.
        Thread.Sleep(Settling);
        var sample = Counted(contender, () => beat(members));
        members.Rest();
        return sample;
    }

    private static void End(ILoadMembers members)
    {
        members.Wake();
        members.Leave();
        members.Dispose();
    }
}
