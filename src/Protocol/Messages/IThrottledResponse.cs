namespace Moldau.Protocol.Messages;

/// <summary>A response that tells its client how long it is held back; versions without the field leave it out.</summary>
public interface IThrottledResponse : IMessage
{
    int ThrottleTimeMs { get; set; }
}
