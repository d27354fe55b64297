using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Network;
using Moldau.Broker.Security;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>
/// One request and its response, on their way through the broker. Reused: nothing may touch it once it has completed.
/// </summary>
internal sealed class Exchange
{
    private const int Starting = 0;
    private const int Waiting = 1;
    private const int Done = 2;

    private int _state;

    internal Exchange(ApiRow row)
    {
        Row = row;
        Request = row.Api.NewRequest();
        Response = row.Api.NewResponse();
    }

    public ApiRow Row { get; }

    public ApiDescription Api => Row.Api;

    public IMessage Request { get; private set; }

    public IMessage Response { get; private set; }

    public Connection Connection { get; private set; } = null!;

    /// <summary>Of the response; of the request too, where that is one this broker serves.</summary>
    public short Version { get; private set; }

    /// <summary>Whether the client asked in a version that is not served, which only ApiVersions answers.</summary>
    public bool IsUnservedVersion { get; private set; }

    public int CorrelationId { get; private set; }

    public string ClientId { get; private set; } = "";

    /// <summary>Who asked; whom the connection speaks for may have changed since.</summary>
    public Principal Principal { get; private set; } = Principal.Anonymous;

    /// <summary>What whoever asked may do.</summary>
    public Access Access => new(Row, Row.Authorizer, Row.Authorizer?.SubjectOf(Connection, Principal));

    /// <summary>When it came, on the clock of the broker's delays.</summary>
    public long Received { get; private set; }

    /// <summary>When its last byte was received, in the unit of <see cref="LaneFigures.Now"/>, as are the times below.</summary>
    internal long Arrived { get; private set; }

    /// <summary>When it was looked at.</summary>
    internal long Started { get; private set; }

    /// <summary>When its handler let go of the lane.</summary>
    internal long StartEnded { get; set; }

    /// <summary>When it completed, where that was later.</summary>
    internal long Completed { get; private set; }

    /// <summary>Its API's on its lane.</summary>
    internal ApiFigures Figures { get; private set; } = null!;

    /// <summary>False where the protocol has no reply: a produce with acks=0.</summary>
    public bool HasReply { get; set; }

    /// <summary>How long the connection is not listened to behind the reply.</summary>
    public int MuteMilliseconds { get; set; }

    /// <summary>Why the connection ends behind the reply, or in its place; null where it goes on.</summary>
    public string? EndReason { get; set; }

    /// <summary>Whether request and reply are bare tokens of SASL, without a header.</summary>
    public bool IsBare { get; private set; }

    /// <summary>How long it has kept its lane, on the clock's own scale; counted only where that is limited.</summary>
    public long LaneTicks { get; set; }

    /// <summary>What its handler keeps between two steps.</summary>
    public object? State { get; set; }

    /// <summary>Called on the lane when the broker stops: whoever waits for more answers with what there is.</summary>
    public Action<Exchange>? Hurried { get; set; }

    /// <summary>Called on the lane when the connection has closed and nobody will read the reply.</summary>
    public Action<Exchange>? Abandoned { get; set; }

    /// <summary>
    /// Called when the response is complete and nobody has seen it yet, on whichever thread that is: the last that may change it.
    /// </summary>
    public Action<Exchange>? Finishing { get; set; }

    /// <summary>Whether somebody may still hold its messages when it has completed.</summary>
    public bool GivesMessagesAway { get; set; }

    /// <summary>Its messages have taken unusually much room.</summary>
    internal bool IsLarge { get; set; }

    internal Exchange? Next { get; set; }

    /// <summary>The chunk the request lies in; held by the pipeline while the handler starts.</summary>
    internal Chunk? Frame { get; set; }

    internal bool IsExclusive => Row.IsExclusive;

    internal bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>The response is complete. From any thread, once.</summary>
    public void Complete()
    {
        var connection = Connection;
        Finishing?.Invoke(this);
        if (Volatile.Read(ref _state) == Waiting) Completed = connection.Lane.Figures.Now;
        // On the lane, while it starts, nobody needs to be told; the lane looks when the handler has returned.
        if (Interlocked.Exchange(ref _state, Done) == Waiting) connection.Poke();
    }

    /// <summary>Another response in place of its own, which is to be complete.</summary>
    public void Answer(IMessage response) => Response = response;

    /// <summary>Writes down that whoever asked has changed something.</summary>
    /// <param name="what">A verb, as in created.</param>
    /// <param name="kind">Of what is changed.</param>
    /// <param name="name">Which.</param>
    public void Changed(string what, string kind, string name) => Row.Audit?.Changed(Principal, Connection.Address, what, kind, name);

    /// <summary>Answers with an error in place of everything else.</summary>
    public void Fail(ErrorCode error, string? message)
    {
        Response.Reset();
        Row.Handler.Refuse(this, error, message);
        Complete();
    }

    internal void Begin(Connection connection, short version, int correlationId, string clientId)
    {
        Connection = connection;
        Figures = connection.Lane.Figures.Of(Row);
        (Arrived, Started, Completed) = (connection.Arrived, connection.Started, 0);
        IsUnservedVersion = !Api.Serves(version);
        Version = IsUnservedVersion ? (short)0 : version;
        CorrelationId = correlationId;
        ClientId = clientId;
        Principal = connection.Principal;
        Received = connection.LastActive;
        HasReply = true;
        GivesMessagesAway = false;
        MuteMilliseconds = 0;
        EndReason = null;
        IsBare = false;
        LaneTicks = 0;
        _state = Starting;
    }

    /// <summary>As if this broker did not serve the request's version.</summary>
    internal void Unserve()
    {
        IsUnservedVersion = true;
        Version = 0;
    }

    internal void BeginBare(Connection connection)
    {
        Begin(connection, 0, 0, "");
        IsBare = true;
    }

    internal void Wait() => Interlocked.CompareExchange(ref _state, Waiting, Starting);

    internal void Hurry()
    {
        if (!IsDone) Hurried?.Invoke(this);
    }

    internal void Abandon()
    {
        if (!IsDone) Abandoned?.Invoke(this);
    }

    /// <summary>It is over: what it holds goes, its messages stay for the next.</summary>
    internal void End(bool keepsMessages)
    {
        Abandoned = null;
        Hurried = null;
        Finishing = null;
        Connection = null!;
        if (keepsMessages)
        {
            Response.Reset();
            return;
        }

        Request = Api.NewRequest();
        Response = Api.NewResponse();
    }
}
