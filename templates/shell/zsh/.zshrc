# Then with the namespace before the prompt.
ZDOTDIR=$NETFORM_ZDOTDIR
[[ -r $ZDOTDIR/.zshrc ]] && . $ZDOTDIR/.zshrc
PROMPT="[$NETFORM_PROMPT] $PROMPT"
unset NETFORM_PROMPT NETFORM_ZDOTDIR _netform
