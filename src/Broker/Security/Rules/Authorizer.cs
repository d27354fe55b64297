using System.Collections.Concurrent;
using System.Collections.Immutable;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Security.Rules;

/// <summary>
/// Decides by the rules of the newest image. What was decided is kept until the rules change, so that whoever asks the same
/// again, as all who produce and fetch do, costs one look into a table.
/// </summary>
internal class Authorizer(MetadataFollower metadata, AuthorizerSettings settings, AuditLog audit)
{
    /// <summary>Whoever asks about ever new names begins the table anew, and does not fill the memory.</summary>
    internal const int MostDecisions = 50_000;

    private readonly Lock _making = new();
    private volatile Decisions _decisions = new(ImmutableDictionary<Uuid, Stored<AclRecord>>.Empty, settings.AllowsWithoutRules);

    public AuditLog Audit => audit;

    /// <summary>How many decisions are kept.</summary>
    internal int Kept => _decisions.Count;

    public Subject Meet(Principal principal, string address) => new(principal, address, settings.SuperUsers.Contains(principal.ToString()));

    /// <summary>A connection's, which speaks for one principal most of its life.</summary>
    public Subject SubjectOf(Network.Connection connection, Principal principal)
    {
        if (connection.Subject is { } known && ReferenceEquals(known.Principal, principal)) return known;
        return connection.Subject = Meet(principal, connection.Address);
    }

    public virtual bool Allows(in Question question)
    {
        if (question.Subject.IsSuper) return true;
        var decisions = Current();
        return decisions.TryGet(question, out var known) ? known : decisions.Keep(question, decisions.Rules.Decide(question));
    }

    private Decisions Current()
    {
        var rules = metadata.Current.Acls;
        var known = _decisions;
        if (ReferenceEquals(known.Source, rules) && known.HasRoom) return known;
        lock (_making)
        {
            // The newest: another may have come further meanwhile.
            rules = metadata.Current.Acls;
            known = _decisions;
            if (!ReferenceEquals(known.Source, rules)) known = new Decisions(rules, settings.AllowsWithoutRules);
            else if (!known.HasRoom) known = new Decisions(known);
            return _decisions = known;
        }
    }

    /// <summary>The rules of one image, and what they have come to.</summary>
    private sealed class Decisions
    {
        private readonly ConcurrentDictionary<Question, bool> _kept = new();
        private int _count;

        public Decisions(ImmutableDictionary<Uuid, Stored<AclRecord>> source, bool allowsWithoutRules)
        {
            Source = source;
            Rules = new RuleIndex(source.Values.Select(static stored => stored.Record), allowsWithoutRules);
        }

        /// <summary>The same rules, with nothing decided.</summary>
        public Decisions(Decisions full)
        {
            Source = full.Source;
            Rules = full.Rules;
        }

        public ImmutableDictionary<Uuid, Stored<AclRecord>> Source { get; }

        public RuleIndex Rules { get; }

        public int Count => Volatile.Read(ref _count);

        public bool HasRoom => Volatile.Read(ref _count) < MostDecisions;

        public bool TryGet(in Question question, out bool isAllowed) => _kept.TryGetValue(question, out isAllowed);

        public bool Keep(in Question question, bool isAllowed)
        {
            if (_kept.TryAdd(question, isAllowed)) Interlocked.Increment(ref _count);
            return isAllowed;
        }
    }
}
