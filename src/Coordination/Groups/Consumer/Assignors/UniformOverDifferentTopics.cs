using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Members subscribe to different topics: each keeps what it may, the rest is dealt out topic by topic to the least loaded, and
/// then partitions move from those who have much to those who have little, as long as that makes it more even.
/// </summary>
internal sealed class UniformOverDifferentTopics
{
    private const int Rounds = 16;
    private const int Nobody = -1;

    private readonly AssignorInput _input;
    private readonly JavaHashSet<Uuid> _topics = new(JavaHash.OfId);
    private readonly Dictionary<Uuid, List<int>> _subscribers = [];
    private readonly Dictionary<Uuid, int[]> _owners = [];
    private readonly AssignmentDraft[] _drafts;
    private readonly int[] _sizes;

    public UniformOverDifferentTopics(AssignorInput input)
    {
        _input = input;
        _drafts = new AssignmentDraft[input.Members.Count];
        _sizes = new int[input.Members.Count];
        for (var member = 0; member < input.Members.Count; member++)
        {
            foreach (var topic in input.Members[member].Topics)
            {
                _topics.Add(topic);
                if (!_subscribers.TryGetValue(topic, out var subscribers)) _subscribers[topic] = subscribers = [];
                subscribers.Add(member);
            }
        }

        foreach (var topic in _topics)
        {
            var owners = new int[input.PartitionsOf(topic)];
            Array.Fill(owners, Nobody);
            _owners[topic] = owners;
        }
    }

    public IReadOnlyDictionary<string, Assignment> Assign()
    {
        if (_topics.Count == 0) return new Dictionary<string, Assignment>();
        for (var member = 0; member < _drafts.Length; member++) Keep(member);
        DealOut();
        Balance(Sorted(_topics.Where(topic => _subscribers[topic].Count > 1)));
        var assignments = new Dictionary<string, Assignment>();
        for (var member = 0; member < _drafts.Length; member++) assignments[_input.Members[member].Id] = _drafts[member].Finish();
        return assignments;
    }

    private void Keep(int member)
    {
        var (_, _, topics, assignment) = _input.Members[member];
        var draft = _drafts[member] = new AssignmentDraft(assignment);
        foreach (var (topic, partitions) in assignment.Topics)
        {
            if (!topics.Contains(topic))
            {
                draft.Drop(topic);
                continue;
            }

            var owners = _owners[topic];
            foreach (var partition in partitions)
            {
                // A node that has just started may know less of the metadata than the one that assigned.
                if (partition >= owners.Length)
                {
                    draft.Drop(topic, partition);
                    continue;
                }

                owners[partition] = member;
                _sizes[member]++;
            }
        }
    }

    private void DealOut()
    {
        var balancer = new LoadBalancer(_sizes);
        foreach (var topic in Sorted(_topics.Where(topic => _owners[topic].Contains(Nobody))))
        {
            balancer.Begin(_subscribers[topic]);
            var owners = _owners[topic];
            for (var partition = 0; partition < owners.Length; partition++)
            {
                if (owners[partition] == Nobody) Give(topic, partition, balancer.NextLeastLoaded());
            }
        }
    }

    private void Balance(List<Uuid> topics)
    {
        var balancer = new LoadBalancer(_sizes);
        var last = Nobody;
        for (var round = 0; round < Rounds; round++)
        {
            for (var index = 0; index < topics.Count; index++)
            {
                // Once around since something moved: nothing moves any more.
                if (index == last) return;
                if (Balance(topics[index], balancer) > 0 || last == Nobody) last = index;
            }
        }
    }

    private int Balance(Uuid topic, LoadBalancer balancer)
    {
        if (balancer.Begin(_subscribers[topic]) <= 1) return 0;
        var owners = _owners[topic];
        var byOwner = Enumerable.Range(0, owners.Length).OrderBy(partition => owners[partition]).ThenBy(partition => partition).ToArray();
        var (starts, ends) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        for (var index = 0; index < byOwner.Length; index++)
        {
            starts.TryAdd(owners[byOwner[index]], index);
            ends[owners[byOwner[index]]] = index + 1;
        }

        var moved = 0;
        while (!balancer.IsBalanced)
        {
            var from = balancer.NextMostLoaded();
            while (from != Nobody && !(ends.TryGetValue(from, out var end) && end > starts[from]))
            {
                balancer.ExcludeMostLoaded();
                from = balancer.NextMostLoaded();
            }

            if (from == Nobody) break;
            var partition = byOwner[--ends[from]];
            var to = balancer.NextLeastLoaded();
            if (balancer.IsBalanced) break;
            Give(topic, partition, to);
            moved++;
        }

        return moved;
    }

    private void Give(Uuid topic, int partition, int member)
    {
        var owners = _owners[topic];
        if (owners[partition] != Nobody)
        {
            _drafts[owners[partition]].Drop(topic, partition);
            _sizes[owners[partition]]--;
        }

        var subscribers = _subscribers[topic].Count;
        _drafts[member].Add(topic, partition, JavaHashMap<int, bool>.CapacityFor((owners.Length + subscribers - 1) / subscribers));
        _sizes[member]++;
        owners[partition] = member;
    }

    // Those with most partitions for each subscriber first: they decide how even the whole can be.
    private List<Uuid> Sorted(IEnumerable<Uuid> topics)
    {
        var sorted = topics.ToList();
        sorted.Sort((one, other) =>
        {
            var (ofOne, ofOther) = (_subscribers[one].Count, _subscribers[other].Count);
            var order = ((double)_owners[other].Length / ofOther).CompareTo((double)_owners[one].Length / ofOne);
            if (order == 0) order = ofOne.CompareTo(ofOther);
            if (order == 0) order = ((long)one.High).CompareTo((long)other.High);
            return order != 0 ? order : ((long)one.Low).CompareTo((long)other.Low);
        });
        return sorted;
    }
}
